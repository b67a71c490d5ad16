package io.sendense.connectors.kvm;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Names by which our bitmaps are told from everyone else's. */
final class BitmapNames {
  private static final int RANDOM_BYTES = 6;

  private BitmapNames() {}

  static String next(String prefix, RandomGenerator random) {
    return prefix + hex(random, RANDOM_BYTES);
  }

  /**
   * The whole name is looked at: the prefix of owner {@code a} also begins the names of {@code
   * a-b}.
   */
  static boolean isOurs(String name, String prefix) {
    return name.startsWith(prefix)
        && name.substring(prefix.length()).matches("[0-9a-f]{" + 2 * RANDOM_BYTES + "}");
  }

  static String hex(RandomGenerator random, int bytes) {
    byte[] value = new byte[bytes];
    random.nextBytes(value);
    return HexFormat.of().formatHex(value);
  }
}
