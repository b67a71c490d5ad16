package io.sendense.recovery.prove;

/** Two looks at a guest's screen, as the portable pixmaps that QEMU makes. */
final class Screen {
  private static final int LEAST_PIXELS = 200;
  private static final int PERMILLE = 10;

  private Screen() {}

  /** Whether more is shown than a cursor. */
  static boolean shows(byte[] pixmap) {
    int from = pixels(pixmap);
    int other = 0;
    for (int i = from; i + 2 < pixmap.length; i += 3) {
      if (pixmap[i] != pixmap[from]
          || pixmap[i + 1] != pixmap[from + 1]
          || pixmap[i + 2] != pixmap[from + 2]) {
        other++;
      }
    }
    return other >= LEAST_PIXELS;
  }

  /** Whether two pictures are the same but for what a cursor or a clock changes. */
  static boolean same(byte[] one, byte[] other) {
    if (one.length != other.length) {
      return false;
    }
    int changed = 0;
    for (int i = 0; i < one.length; i++) {
      if (one[i] != other[i]) {
        changed++;
      }
    }
    return changed <= (long) one.length * PERMILLE / 1000;
  }

  /** Where the pixels begin: after three lines. */
  private static int pixels(byte[] pixmap) {
    int lines = 0;
    for (int i = 0; i < Math.min(pixmap.length, 64); i++) {
      if (pixmap[i] == '\n' && ++lines == 3) {
        return i + 1;
      }
    }
    return pixmap.length;
  }
}
