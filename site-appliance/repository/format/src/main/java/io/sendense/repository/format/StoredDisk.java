package io.sendense.repository.format;

import io.sendense.domain.BlockRange;
import java.nio.ByteBuffer;
import java.util.List;

/** One disk of a restore point, readable at any offset. Thread-safe. */
public interface StoredDisk {
  String name();

  long sizeBytes();

  int chunkBytes();

  RootHash rootHash();

  /**
   * Fills {@code target} from its position to its limit with the bytes at {@code offset}. Fastest
   * where requests are whole chunks, ascending per thread.
   *
   * @throws io.sendense.domain.SendenseException STORE_DAMAGED or STORE_OBJECT_MISSING naming the
   *     object and what of the disk it affects; BAD_ARGUMENT where the range is not within the
   *     disk. The buffer's content is then undefined, but wrong data is never returned as good
   */
  void read(long offset, ByteBuffer target);

  /**
   * The parts of {@code within} that hold data, ascending, not touching, in whole chunks cut to the
   * range; all between them reads as zeros. Costs tree nodes only.
   */
  List<BlockRange> allocated(BlockRange within);

  /**
   * Where this disk differs from another of the same tenant and chunk size: ascending, not
   * touching, in whole chunks cut to this disk's size. What lies beyond the end of either counts as
   * zeros. Costs what differs.
   *
   * @throws io.sendense.domain.SendenseException BAD_ARGUMENT where the chunk sizes differ
   */
  List<BlockRange> diff(StoredDisk other);
}
