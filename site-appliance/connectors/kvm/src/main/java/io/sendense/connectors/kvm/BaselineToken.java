package io.sendense.connectors.kvm;

import io.sendense.connectors.spi.Baseline;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a baseline names: the bitmap that records since, and which disks, of which size, it was
 * taken of. A disk that is not in it, or has another size now, has no baseline.
 */
record BaselineToken(String bitmap, Set<String> diskMarks) {
  /** Keeps the token within the 512 characters that a baseline may have. */
  static final int MAX_DISKS = 32;

  private static final String VERSION = "q1";
  private static final int MARK_BYTES = 6;

  BaselineToken {
    diskMarks = Set.copyOf(diskMarks);
  }

  static BaselineToken of(String bitmap, List<QemuDisk> disks) {
    return new BaselineToken(
        bitmap, disks.stream().map(BaselineToken::mark).collect(Collectors.toSet()));
  }

  /** Empty where the text is not of this connector's making, which means: no baseline. */
  static Optional<BaselineToken> parse(Baseline baseline) {
    String[] parts = baseline.token().split(";", -1);
    if (parts.length != 3 || !parts[0].equals(VERSION) || parts[1].isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new BaselineToken(parts[1], new LinkedHashSet<>(List.of(parts[2].split(",")))));
  }

  Baseline toBaseline() {
    return new Baseline(
        VERSION
            + ";"
            + bitmap
            + ";"
            + diskMarks.stream().sorted().collect(Collectors.joining(",")));
  }

  boolean covers(QemuDisk disk) {
    return diskMarks.contains(mark(disk));
  }

  private static String mark(QemuDisk disk) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((disk.name() + "\n" + disk.sizeBytes()).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, MARK_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
