package io.sendense.connectors.disk;

import io.sendense.connectors.spi.Baseline;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where each disk of a point was, as hashes of name and place. A tracker's word about a disk counts
 * only against a point whose disk of that name was in the same place: ranges of one disk laid over
 * another's content would be silent corruption.
 */
record Places(Set<String> hashes) {
  static final Places NONE = new Places(Set.of());
  private static final String VERSION = "disks1:";
  // 24 disks of 17 characters fit a baseline token.
  private static final int HASH_BYTES = 8;

  Places {
    hashes = Set.copyOf(hashes);
  }

  static Places of(List<SourceDisk> disks) {
    return new Places(disks.stream().map(Places::hash).collect(Collectors.toSet()));
  }

  /** The places a baseline names; none for a token of another connector or version. */
  static Places of(Baseline baseline) {
    String token = baseline.token();
    return token.startsWith(VERSION)
        ? new Places(Set.copyOf(Arrays.asList(token.substring(VERSION.length()).split(","))))
        : NONE;
  }

  boolean holds(SourceDisk disk) {
    return hashes.contains(hash(disk));
  }

  Baseline baseline() {
    return new Baseline(VERSION + hashes.stream().sorted().collect(Collectors.joining(",")));
  }

  private static String hash(SourceDisk disk) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((disk.name() + "\n" + disk.uri().place()).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
