package io.sendense.recovery.registry;

/**
 * Bytes to be put over those of a file, or behind its end.
 *
 * @param offset in the file, a multiple of 4096
 * @param bytes a multiple of 4096 of them
 */
@SuppressWarnings("ArrayRecordComponent") // made once, never changed and never compared by value
public record Patch(long offset, byte[] bytes) {
  /** Of which offsets and lengths are multiples. */
  public static final int PAGE = 4096;

  /** Of the last byte, exclusive. */
  public long end() {
    return offset + bytes.length;
  }
}
