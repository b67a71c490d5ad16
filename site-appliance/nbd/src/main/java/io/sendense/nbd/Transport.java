package io.sendense.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A connected byte stream, plain or TLS. One thread reads and one thread at a time writes, both at
 * once; {@link #kill} may come from any thread and ends what blocks.
 */
interface Transport {
  /** Reads at least one byte into {@code target}, which has room; -1 at the end of the stream. */
  int read(ByteBuffer target) throws IOException;

  /**
   * Reads at least one byte, first into {@code target} until it is full, then perhaps into {@code
   * next}; the count of both, -1 at the end of the stream. It saves a system call where the medium
   * can scatter.
   */
  default int read(ByteBuffer target, ByteBuffer next) throws IOException {
    return read(target);
  }

  /** Writes all of {@code header}, then all of {@code payload}. */
  void write(ByteBuffer header, ByteBuffer payload) throws IOException;

  /** Says goodbye where the protocol below has a way to, then closes. */
  void close();

  /** Closes at once; a thread that is reading or writing gets an exception. */
  void kill();
}
