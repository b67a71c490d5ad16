package io.sendense.connectors.libvirt;

import io.sendense.connectors.spi.Baseline;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a point's baseline names: the checkpoint that has recorded since, and which disks, in which
 * place and of which size, it has bitmaps on. A disk that was put in another's place, or was
 * resized, is not in it.
 *
 * @param checkpoint empty where none could be made
 * @param snapshot of the disks that are images of Ceph; empty where none was taken
 */
record LibvirtBaseline(Optional<String> checkpoint, Set<String> marks, Optional<String> snapshot) {
  /** Keeps the token within what a baseline may have. */
  static final int MAX_DISKS = 128;

  private static final String VERSION = "libvirt1";
  private static final int MARK_BYTES = 8;
  private static final String NONE = "-";

  LibvirtBaseline {
    marks = Set.copyOf(marks);
  }

  /** Of an image of Ceph whose snapshot has this id. */
  static String mark(DomainXml.Disk disk, long sizeBytes, long snapshotId) {
    return hash(disk.target() + "\n" + disk.source() + "\n" + sizeBytes + "\n" + snapshotId);
  }

  static String mark(DomainXml.Disk disk, long sizeBytes) {
    return hash(disk.target() + "\n" + disk.source() + "\n" + sizeBytes);
  }

  private static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, MARK_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static LibvirtBaseline of(Optional<String> checkpoint, Collection<String> marks) {
    return new LibvirtBaseline(checkpoint, Set.copyOf(marks), Optional.empty());
  }

  /** Empty where the text is not of this connector's making, which means: no baseline. */
  static Optional<LibvirtBaseline> parse(Baseline baseline) {
    String[] parts = baseline.token().split(";", -1);
    if (parts.length < 3 || parts.length > 4 || !parts[0].equals(VERSION) || parts[1].isEmpty()) {
      return Optional.empty();
    }
    Optional<String> checkpoint =
        parts[1].equals(NONE) ? Optional.<String>empty() : Optional.of(parts[1]);
    Set<String> marks = Arrays.stream(parts[2].split(",")).collect(Collectors.toSet());
    return Optional.of(
        new LibvirtBaseline(
            checkpoint, marks, parts.length == 4 ? Optional.of(parts[3]) : Optional.empty()));
  }

  Baseline toBaseline() {
    return new Baseline(
        VERSION
            + ";"
            + checkpoint.orElse(NONE)
            + ";"
            + marks.stream().sorted().collect(Collectors.joining(","))
            + snapshot.map(name -> ";" + name).orElse(""));
  }
}
