package io.sendense.images;

import io.sendense.domain.BlockRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Reads an image file by what stands in it. Thread-safe.
 *
 * <p>All methods throw {@link ImageDamage} where the file is not what its format demands, and any
 * other IOException where it cannot be read.
 */
public interface ImageReader extends AutoCloseable {
  /** Size of the disk in the image. */
  long sizeBytes();

  /** Fills {@code target} from its position to its limit with the disk's bytes at an offset. */
  void read(long offset, ByteBuffer target) throws IOException;

  /** The parts of {@code within} that the image holds data for, ascending; the rest is zeros. */
  List<BlockRange> allocated(BlockRange within) throws IOException;

  /** May be called twice. */
  @Override
  void close() throws IOException;
}
