package io.sendense.images;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Fills a new image file, which starts as all zeros. Ranges never written, and whole clusters of
 * zeros that are, take no space. The file is of use only after {@link #finish}.
 *
 * <p>Unless {@link #ascending} says otherwise several threads may write different ranges at once.
 */
public interface ImageWriter extends AutoCloseable {
  /**
   * What {@link #write} counts in: offsets, and lengths but the disk's last, are multiples of it.
   */
  int UNIT_BYTES = 64 << 10;

  /** Whether writes have to come one at a time, at rising offsets. */
  default boolean ascending() {
    return false;
  }

  /**
   * Writes the buffer from its position to its limit at {@code offset}. The buffer may be reused
   * after the return.
   *
   * @throws io.sendense.domain.SendenseException LIMIT_REACHED where the file would outgrow its
   *     format
   * @throws IOException where the file cannot be written
   */
  void write(long offset, ByteBuffer data) throws IOException;

  /** Writes what is still in memory and returns when the file is durable. Called once. */
  void finish() throws IOException;

  /** Closes the file, finished or not; removing it is the caller's. May be called twice. */
  @Override
  void close() throws IOException;
}
