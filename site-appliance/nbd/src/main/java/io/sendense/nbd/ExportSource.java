package io.sendense.nbd;

import io.sendense.domain.BlockRange;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A disk that {@link NbdServer} serves. Its size and content must not change while it is served.
 * Methods block and are called by several threads at once; the server never closes it.
 */
public interface ExportSource {
  /** Size of the disk in bytes. */
  long sizeBytes();

  /**
   * The length of a read that costs least when it lies on a multiple of itself, in bytes; clients
   * are told so, and nbdcopy asks for no less. A power of two is passed on as it is, anything else
   * as the next one below.
   */
  default int preferredBytes() {
    return 64 << 10;
  }

  /**
   * Fills {@code target} from its position to its limit with the bytes at {@code offset}; the range
   * is within the disk. Whatever it throws is told to the client as an input/output error, with the
   * message where it is a {@link io.sendense.domain.SendenseException}; the connection goes on.
   */
  void read(long offset, ByteBuffer target);

  /**
   * The parts of {@code within} that may hold data, ascending, not overlapping and not reaching
   * outside it; everything between them reads as zeros and is not read from here.
   */
  List<BlockRange> allocated(BlockRange within);
}
