package io.sendense.recovery.block;

import java.nio.ByteBuffer;

/** A disk or a part of one, read at random. Implementations say whether they are thread-safe. */
public interface BlockSource {
  long sizeBytes();

  /**
   * Fills {@code target} from its position to its limit.
   *
   * @param offset such that [offset, offset + remaining) lies within the size; callers check
   * @throws io.sendense.domain.SendenseException as the source beneath fails; the buffer's content
   *     is then undefined
   */
  void read(long offset, ByteBuffer target);
}
