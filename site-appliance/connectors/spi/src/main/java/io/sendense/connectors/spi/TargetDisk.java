package io.sendense.connectors.spi;

import java.nio.ByteBuffer;

/**
 * A disk being written by a restore. Starts as all zeros; ranges never written stay zeros. Several
 * threads may write different ranges at once.
 */
public interface TargetDisk extends AutoCloseable {
  long sizeBytes();

  /** Writes the buffer from its position to its limit at {@code offset}. */
  void write(long offset, ByteBuffer source);

  /** Reads back what stands at {@code offset}, for the proof after writing. */
  void readBack(long offset, ByteBuffer target);

  /** Returns when everything written is durable. */
  void flush();

  /** Without an earlier {@link #finish} the half-written disk is removed. */
  @Override
  void close();

  /** Declares the disk complete and durable under its final name. */
  void finish();
}
