package io.sendense.connectors.libvirt;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Names by which our checkpoints are told from everyone else's. */
final class CheckpointNames {
  private static final int RANDOM_BYTES = 6;

  private CheckpointNames() {}

  static String next(String owner, RandomGenerator random) {
    return prefix(owner) + hex(random, RANDOM_BYTES);
  }

  /**
   * The whole name is looked at: the prefix of owner {@code a} also begins the names of {@code
   * a-b}.
   */
  static boolean isOurs(String name, String owner) {
    return name.startsWith(prefix(owner))
        && name.substring(prefix(owner).length()).matches("[0-9a-f]{" + 2 * RANDOM_BYTES + "}");
  }

  static String hex(RandomGenerator random, int bytes) {
    byte[] value = new byte[bytes];
    random.nextBytes(value);
    return HexFormat.of().formatHex(value);
  }

  private static String prefix(String owner) {
    return "sendense-" + owner + "-";
  }
}
