package io.sendense.connectors.spi;

import io.sendense.domain.BlockRange;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Reads one disk as it stood at one point in time. Several threads may read at once; the reader
 * itself keeps as many requests in flight as its medium likes.
 */
public interface DiskReader extends AutoCloseable {
  /** Size of the disk in bytes, fixed for the life of this reader. */
  long sizeBytes();

  /**
   * Fills {@code target} from its position to its limit with the bytes at {@code offset}. Returns
   * with the buffer full or throws; on an exception the buffer's content is undefined.
   *
   * @throws io.sendense.domain.SendenseException SOURCE_UNREADABLE where the medium fails,
   *     BAD_ARGUMENT where the range is not within the disk
   */
  void read(long offset, ByteBuffer target);

  /**
   * The parts of {@code within} that may hold data, ascending and not overlapping; everything
   * between them reads as zeros. A reader that cannot tell returns {@code within} itself.
   */
  List<BlockRange> allocated(BlockRange within);

  /**
   * Called once, after the last read and before what was read is sealed as a point in time.
   *
   * @throws io.sendense.domain.SendenseException SOURCE_UNREADABLE or SOURCE_CHANGED_SIZE where the
   *     medium is no snapshot and shows that it was written meanwhile
   */
  default void verifyUnchanged() {}

  /** Frees what the reader holds. May be called twice. */
  @Override
  void close();
}
