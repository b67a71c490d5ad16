package io.sendense.nbd;

import io.sendense.domain.BlockRange;

/**
 * One stretch of a disk with the flags a block-status context gives it. In {@code base:allocation}
 * bit 0 says that nothing is allocated and bit 1 that it reads as zeros; in {@code
 * qemu:dirty-bitmap:*} bit 0 says that it was written.
 *
 * @param offset first byte
 * @param length in bytes, never zero
 * @param flags as the server sent them
 */
public record Extent(long offset, long length, int flags) {
  /** In {@code base:allocation}: nothing is allocated there. */
  public static final int HOLE = 1;

  /** In {@code base:allocation}: it reads as zeros. */
  public static final int ZERO = 2;

  /** In {@code qemu:dirty-bitmap:*}: written since the bitmap began. */
  public static final int DIRTY = 1;

  public Extent {
    if (offset < 0 || length <= 0 || offset > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException("no extent: offset " + offset + ", length " + length);
    }
  }

  public BlockRange range() {
    return new BlockRange(offset, length);
  }

  public boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** First byte after the extent. */
  public long end() {
    return offset + length;
  }
}
