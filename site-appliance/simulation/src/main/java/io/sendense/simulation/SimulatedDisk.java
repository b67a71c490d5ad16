package io.sendense.simulation;

import io.sendense.connectors.spi.DiskReader;
import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A captured disk that knows its zeros and may turn out unreadable. */
final class SimulatedDisk implements DiskReader {
  private final Attempt attempt;
  private final byte[] content;
  private final boolean unreadable;

  SimulatedDisk(Attempt attempt, byte[] content, boolean unreadable) {
    this.attempt = attempt;
    this.content = content;
    this.unreadable = unreadable;
  }

  @Override
  public long sizeBytes() {
    return content.length;
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    attempt.reach("read disk", null);
    if (unreadable && offset > 0) {
      attempt.allow(ErrorCode.SOURCE_UNREADABLE);
      throw new SendenseException(ErrorCode.SOURCE_UNREADABLE, "unreadable at " + offset, "");
    }
    target.put(content, (int) offset, target.remaining());
  }

  @Override
  public List<BlockRange> allocated(BlockRange within) {
    List<BlockRange> found = new ArrayList<>();
    for (long at = within.offset();
        at < within.end();
        at = (at / Machine.UNIT + 1) * Machine.UNIT) {
      long end = Math.min(within.end(), (at / Machine.UNIT + 1) * Machine.UNIT);
      if (isZero((int) at, (int) end)) {
        continue;
      }
      if (!found.isEmpty() && found.getLast().end() == at) {
        BlockRange last = found.removeLast();
        found.add(new BlockRange(last.offset(), end - last.offset()));
      } else {
        found.add(new BlockRange(at, end - at));
      }
    }
    return found;
  }

  private boolean isZero(int from, int to) {
    return Arrays.equals(content, from, to, new byte[to - from], 0, to - from);
  }

  @Override
  public void close() {
    // The content is the model's.
  }
}
