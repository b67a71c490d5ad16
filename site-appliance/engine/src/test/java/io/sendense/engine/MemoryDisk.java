package io.sendense.engine;

import io.sendense.connectors.spi.DiskReader;
import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** A disk in memory that counts what is read of it and knows its zeros in units of 4 KiB. */
final class MemoryDisk implements DiskReader {
  private static final int UNIT = 4096;

  final byte[] content;
  final AtomicLong bytesRead = new AtomicLong();
  volatile long failAt = Long.MAX_VALUE;
  volatile boolean writtenMeanwhile;

  MemoryDisk(int size) {
    this.content = new byte[size];
  }

  MemoryDisk fill(int offset, int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    System.arraycopy(bytes, 0, content, offset, length);
    return this;
  }

  MemoryDisk resized(int size) {
    MemoryDisk other = new MemoryDisk(size);
    System.arraycopy(content, 0, other.content, 0, Math.min(size, content.length));
    return other;
  }

  @Override
  public long sizeBytes() {
    return content.length;
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    if (offset + target.remaining() > failAt) {
      throw new SendenseException(ErrorCode.SOURCE_UNREADABLE, "unreadable at " + failAt, "");
    }
    bytesRead.addAndGet(target.remaining());
    target.put(content, (int) offset, target.remaining());
  }

  @Override
  public List<BlockRange> allocated(BlockRange within) {
    List<BlockRange> found = new ArrayList<>();
    for (long at = within.offset(); at < within.end(); at = (at / UNIT + 1) * UNIT) {
      int end = (int) Math.min(within.end(), (at / UNIT + 1) * UNIT);
      if (!zeros((int) at, end)) {
        if (!found.isEmpty() && found.getLast().end() == at) {
          BlockRange last = found.removeLast();
          found.add(new BlockRange(last.offset(), end - last.offset()));
        } else {
          found.add(new BlockRange(at, end - at));
        }
      }
    }
    return found;
  }

  private boolean zeros(int from, int to) {
    return Arrays.equals(content, from, to, new byte[to - from], 0, to - from);
  }

  @Override
  public void verifyUnchanged() {
    if (writtenMeanwhile) {
      throw new SendenseException(ErrorCode.SOURCE_UNREADABLE, "written while it was read", "");
    }
  }

  @Override
  public void close() {}
}
