package io.sendense.domain;

/**
 * A range of bytes on a disk, half-open: {@code [offset, offset + length)}. Both in bytes; the
 * length is never zero, so an empty set of ranges is an empty list.
 */
public record BlockRange(long offset, long length) implements Comparable<BlockRange> {
  public BlockRange {
    if (offset < 0 || length <= 0 || offset > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException(
          "a block range needs offset >= 0 and length > 0, got offset "
              + offset
              + ", length "
              + length);
    }
  }

  /** First byte after the range. */
  public long end() {
    return offset + length;
  }

  public boolean overlaps(BlockRange other) {
    return offset < other.end() && other.offset < end();
  }

  @Override
  public int compareTo(BlockRange other) {
    int byOffset = Long.compare(offset, other.offset);
    return byOffset != 0 ? byOffset : Long.compare(length, other.length);
  }
}
