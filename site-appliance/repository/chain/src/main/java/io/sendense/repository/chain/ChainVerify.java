package io.sendense.repository.chain;

import io.sendense.domain.SendenseException;
import io.sendense.images.Qcow2Reader;
import io.sendense.repository.chain.PointFile.DiskFile;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.VerifyOptions;
import io.sendense.repository.format.VerifyReport;
import io.sendense.repository.format.VerifyReport.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares files with what the side files say of them; each file once. Used once, by one thread.
 */
final class ChainVerify {
  private final VerifyOptions options;
  private final VerifyReport.Progress progress;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<Path, Optional<Problem>> checked = new HashMap<>();
  private long points;
  private long objects;
  private long bytesRead;
  private long bytesTotal;

  private record Problem(VerifyReport.Kind kind, String detail) {}

  ChainVerify(VerifyOptions options, VerifyReport.Progress progress) {
    this.options = options;
    this.progress = progress;
  }

  VerifyReport run(List<ChainFolder> folders, List<Finding> damaged) {
    findings.addAll(damaged);
    for (ChainFolder folder : folders) {
      for (PointFile point : folder.points()) {
        bytesTotal += point.disks().stream().mapToLong(DiskFile::lengthBytes).sum();
      }
    }
    folders.forEach(this::check);
    return new VerifyReport(points, objects, bytesRead, findings);
  }

  private void check(ChainFolder folder) {
    Map<String, DiskFile> files = new HashMap<>();
    List<PointFile> all = folder.points();
    all.forEach(point -> point.disks().forEach(disk -> files.put(disk.file(), disk)));
    for (PointFile point : all) {
      PointId id = PointId.parse(point.id());
      if (!options.points().isEmpty() && !options.points().contains(id)) {
        continue;
      }
      points++;
      objects++;
      for (DiskFile disk : point.disks()) {
        chain(folder, files, disk)
            .forEach(
                (file, problem) ->
                    findings.add(
                        new Finding(
                            problem.kind(),
                            file.toString(),
                            Optional.of(id),
                            Optional.of(disk.name()),
                            Optional.empty(),
                            problem.detail())));
      }
    }
  }

  /** What is wrong with a disk's file and those it stands on. */
  private Map<Path, Problem> chain(ChainFolder folder, Map<String, DiskFile> files, DiskFile top) {
    Map<Path, Problem> wrong = new HashMap<>();
    String name = top.file();
    for (int steps = 0; !name.isEmpty() && steps <= files.size(); steps++) {
      DiskFile disk = files.get(name);
      Path path = folder.path(name);
      if (disk == null) {
        wrong.put(path, new Problem(VerifyReport.Kind.MISSING, "no side file tells its checksum"));
        break;
      }
      Optional<Problem> problem = checked.get(path);
      if (problem == null) {
        problem = check(path, disk);
        checked.put(path, problem);
      }
      problem.ifPresent(found -> wrong.put(path, found));
      name = disk.backing();
    }
    return wrong;
  }

  private Optional<Problem> check(Path path, DiskFile disk) {
    objects++;
    try {
      if (!Files.exists(path)) {
        return Optional.of(new Problem(VerifyReport.Kind.MISSING, "the file is missing"));
      }
      long length = Files.size(path);
      String backing;
      try (Qcow2Reader reader = Qcow2Reader.open(path)) {
        backing = reader.backing().orElse("");
      }
      // While files are being merged either state is right; see the crash table.
      PointFile.Replacement next = disk.next();
      boolean isNext =
          next != null && length == next.lengthBytes() && backing.equals(next.backing());
      if (!isNext && (length != disk.lengthBytes() || !backing.equals(disk.backing()))) {
        return damaged("its length or backing file is not what its side file says");
      }
      if (options.readData()) {
        String sha256 = Sha256.of(path);
        bytesRead += length;
        progress.at(Math.min(bytesRead, bytesTotal), bytesTotal);
        if (!sha256.equals(disk.sha256()) && !(next != null && sha256.equals(next.sha256()))) {
          return damaged("its checksum is wrong");
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      return damaged(String.valueOf(e.getMessage()));
    } catch (SendenseException e) {
      return damaged(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Problem> damaged(String detail) {
    return Optional.of(new Problem(VerifyReport.Kind.DAMAGED, detail));
  }
}
