package io.sendense.connectors.spi;

import io.sendense.domain.BlockRange;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A disk being written by a restore. Starts as all zeros; ranges never written stay zeros. Several
 * threads may write different ranges at once, unless {@link #ascending} says otherwise.
 */
public interface TargetDisk extends AutoCloseable {
  long sizeBytes();

  /** Whether writes have to come one at a time and at rising offsets, as in a stream. */
  default boolean ascending() {
    return false;
  }

  /** Writes the buffer from its position to its limit at {@code offset}. */
  void write(long offset, ByteBuffer source);

  /**
   * Whether a write of this range is read back from the medium, and not from a cache, already
   * before {@link #flush}. It may then be proved while the rest is still being written.
   */
  default boolean writesThrough(long offset, int length) {
    return false;
  }

  /** Reads back what stands at {@code offset}, for the proof after writing. */
  void readBack(long offset, ByteBuffer target);

  /**
   * The parts of {@code within} that may hold something other than zeros, by the medium's own word,
   * ascending and not overlapping. A target that cannot tell returns {@code within} itself.
   */
  default List<BlockRange> allocated(BlockRange within) {
    return List.of(within);
  }

  /**
   * Returns when everything written is durable; what is read back afterwards comes from the medium
   * rather than from a cache, where the medium lets one ask for that.
   */
  void flush();

  /** Without an earlier {@link #finish} the half-written disk is removed. */
  @Override
  void close();

  /** Declares the disk complete and durable under its final name. */
  void finish();
}
