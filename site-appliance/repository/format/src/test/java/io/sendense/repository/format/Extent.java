package io.sendense.repository.format;

/** How much of a test that tries everything runs: all of it, or with {@code -Dfast} a part. */
final class Extent {
  private static final boolean FAST = Boolean.getBoolean("fast");

  private Extent() {}

  static int of(int all, int fast) {
    return FAST ? fast : all;
  }
}
