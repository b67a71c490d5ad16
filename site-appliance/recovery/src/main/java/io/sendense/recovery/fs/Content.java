package io.sendense.recovery.fs;

import java.nio.ByteBuffer;

/** The bytes of one file, read at random. For one thread at a time. */
public interface Content {
  long sizeBytes();

  /**
   * What begins at this offset: data, or a hole that reads as zeros. At least one byte long and cut
   * to the size, so whoever goes on at the end of each run comes to the end.
   *
   * @param offset in [0, size)
   */
  Run run(long offset);

  /**
   * Fills the buffer from its position to its limit; holes give zeros.
   *
   * @param offset such that all that is asked lies within the size
   */
  void read(long offset, ByteBuffer target);

  /** A half-open range of a file. */
  record Run(long offset, long length, boolean data) {
    public long end() {
      return offset + length;
    }
  }
}
