package io.sendense.recovery.fs;

import java.nio.ByteBuffer;

/** Zeros into buffers. */
public final class Zeros {
  private static final byte[] SOME = new byte[8192];

  private Zeros() {}

  public static void put(ByteBuffer target, int count) {
    for (int done = 0; done < count; done += SOME.length) {
      target.put(SOME, 0, Math.min(SOME.length, count - done));
    }
  }
}
