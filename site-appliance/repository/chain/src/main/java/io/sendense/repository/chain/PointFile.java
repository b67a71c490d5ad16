package io.sendense.repository.chain;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.format.Consistency;
import io.sendense.repository.format.PointDisk;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.PointStatistics;
import io.sendense.repository.format.RestorePoint;
import io.sendense.repository.format.RootHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The side file of a restore point, whose being there makes the point exist. Absent texts are
 * empty.
 *
 * @param checksum SHA-256 of this record as one line of JSON with an empty checksum
 */
record PointFile(
    String format,
    int version,
    String id,
    String vm,
    long sequence,
    String takenAt,
    String createdAt,
    String parent,
    String consistency,
    Map<String, String> annotations,
    List<DiskFile> disks,
    PointStatistics statistics,
    String checksum) {
  static final String FORMAT = "sendense qcow2-chain point";
  static final int VERSION = 1;
  static final String ENDING = ".json";
  private static final long BYTES_MAX = 4 << 20;
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build();

  PointFile {
    annotations = java.util.Collections.unmodifiableMap(new TreeMap<>(annotations));
    disks = List.copyOf(disks);
  }

  /**
   * A disk of the point.
   *
   * @param sizeBytes of the disk; the image is rounded up to whole sectors
   * @param file name of the qcow2 file beside this one
   * @param backing name of its backing file; empty for a full one
   * @param root name of the content: hash of the parent's root, the size and the file as first
   *     written. It stays when files are merged
   * @param lengthBytes of the file
   * @param sha256 of the file
   * @param next what the file becomes by a merge that is going on; null while there is none
   */
  record DiskFile(
      String name,
      long sizeBytes,
      String file,
      String backing,
      String root,
      long lengthBytes,
      String sha256,
      @org.jspecify.annotations.Nullable Replacement next) {
    DiskFile merging(Replacement merged) {
      return new DiskFile(name, sizeBytes, file, backing, root, lengthBytes, sha256, merged);
    }

    /** As it is after the merge, or unchanged where there was none. */
    DiskFile merged() {
      Replacement now = next;
      return now == null
          ? this
          : new DiskFile(
              name, sizeBytes, file, now.backing(), root, now.lengthBytes(), now.sha256(), null);
    }

    /** As it was before a merge that came to nothing. */
    DiskFile unmerged() {
      return new DiskFile(name, sizeBytes, file, backing, root, lengthBytes, sha256, null);
    }
  }

  /** The file that takes a disk file's place. */
  record Replacement(String backing, long lengthBytes, String sha256) {}

  PointFile withDisks(List<DiskFile> others) {
    return new PointFile(
        format,
        version,
        id,
        vm,
        sequence,
        takenAt,
        createdAt,
        parent,
        consistency,
        annotations,
        others,
        statistics,
        "");
  }

  private PointFile withChecksum(String sum) {
    return new PointFile(
        format,
        version,
        id,
        vm,
        sequence,
        takenAt,
        createdAt,
        parent,
        consistency,
        annotations,
        disks,
        statistics,
        sum);
  }

  byte[] encode() {
    PointFile sealed = withChecksum(sum());
    return (JSON.writerWithDefaultPrettyPrinter().writeValueAsString(sealed) + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private String sum() {
    return Sha256.of(JSON.writeValueAsString(withChecksum("")).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @throws SendenseException STORE_DAMAGED, STORE_UNKNOWN_VERSION, STORE_OBJECT_MISSING
   */
  static PointFile read(Path file) {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw Failure.damaged(file, "it is too long");
      }
      PointFile read = JSON.readValue(Files.readAllBytes(file), PointFile.class);
      if (!read.format().equals(FORMAT) || read.version() != VERSION) {
        throw new SendenseException(
            ErrorCode.STORE_UNKNOWN_VERSION,
            "file " + file + " is \"" + read.format() + "\" version " + read.version(),
            "Use the version of Sendense that wrote it, or a newer one. Nothing was changed.");
      }
      if (!read.checksum().equals(read.sum())) {
        throw Failure.damaged(file, "its checksum is wrong");
      }
      read.point();
      return read;
    } catch (IOException e) {
      throw Failure.of(file, e);
    } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
      throw Failure.damaged(file, "it is not the JSON of a restore point");
    }
  }

  /** The point in the words of every repository. */
  RestorePoint point() {
    return new RestorePoint(
        PointId.parse(id),
        vm,
        sequence,
        disks.stream()
            .map(
                disk ->
                    new PointDisk(
                        disk.name(),
                        disk.sizeBytes(),
                        ChainRepository.CHUNK_BYTES,
                        new RootHash(disk.root())))
            .toList(),
        Instant.parse(takenAt),
        Instant.parse(createdAt),
        parent.isEmpty() ? Optional.empty() : Optional.of(PointId.parse(parent)),
        Consistency.valueOf(consistency),
        annotations,
        statistics);
  }

  Optional<DiskFile> disk(String name) {
    return disks.stream().filter(disk -> disk.name().equals(name)).findFirst();
  }
}
