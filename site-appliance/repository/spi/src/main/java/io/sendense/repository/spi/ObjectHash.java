package io.sendense.repository.spi;

/**
 * The SHA-256 of what is given in parts, for whoever vouches for a stored object. Used once, by one
 * thread.
 */
public interface ObjectHash extends AutoCloseable {
  int BYTES = 32;

  void update(byte[] bytes, int offset, int length);

  /** Its {@link #BYTES} bytes; nothing may be given after it. */
  byte[] finish();

  /** Frees what it holds outside the heap. */
  @Override
  void close();
}
