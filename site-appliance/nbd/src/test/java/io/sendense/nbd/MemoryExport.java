package io.sendense.nbd;

import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A disk in memory: whole blocks of 4 KiB that are all zeros count as not allocated. */
final class MemoryExport implements ExportSource {
  static final int BLOCK = 4096;

  private final byte[] content;
  private long failingOffset = -1;

  MemoryExport(byte[] content) {
    this.content = content;
  }

  /** Content of so many bytes with data at every third run of blocks, made from the seed. */
  static MemoryExport sparse(int bytes, long seed) {
    byte[] content = new byte[bytes];
    java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
    for (int at = 0; at < bytes; ) {
      int run = Math.min(bytes - at, BLOCK * random.nextInt(1, 40));
      if (random.nextInt(3) == 0) {
        byte[] data = new byte[run];
        random.nextBytes(data);
        System.arraycopy(data, 0, content, at, run);
      }
      at += run;
    }
    return new MemoryExport(content);
  }

  MemoryExport failingAt(long offset) {
    failingOffset = offset;
    return this;
  }

  byte[] content() {
    return content;
  }

  @Override
  public long sizeBytes() {
    return content.length;
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    if (failingOffset >= offset && failingOffset < offset + target.remaining()) {
      throw new SendenseException(ErrorCode.STORE_DAMAGED, "Chunk 7 is damaged.", "");
    }
    target.put(content, (int) offset, target.remaining());
  }

  @Override
  public List<BlockRange> allocated(BlockRange within) {
    List<BlockRange> ranges = new ArrayList<>();
    long from = -1;
    for (long at = within.offset(); at < within.end(); ) {
      long end = Math.min((at / BLOCK + 1) * BLOCK, within.end());
      if (isZero(at / BLOCK)) {
        if (from >= 0) {
          ranges.add(new BlockRange(from, at - from));
        }
        from = -1;
      } else if (from < 0) {
        from = at;
      }
      at = end;
    }
    if (from >= 0) {
      ranges.add(new BlockRange(from, within.end() - from));
    }
    return ranges;
  }

  private boolean isZero(long block) {
    int end = (int) Math.min((block + 1) * BLOCK, content.length);
    for (int at = (int) (block * BLOCK); at < end; at++) {
      if (content[at] != 0) {
        return false;
      }
    }
    return true;
  }
}
