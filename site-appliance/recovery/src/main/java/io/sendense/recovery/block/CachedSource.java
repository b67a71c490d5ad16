package io.sendense.recovery.block;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps the pages last used, because readers of file systems ask for small structures that lie
 * together. Long reads pass by it. For one thread at a time.
 */
public final class CachedSource implements BlockSource {
  private static final int PAGE = 64 << 10;

  private final BlockSource source;
  private final Map<Long, byte[]> pages;

  /**
   * @param most bytes kept
   */
  public CachedSource(BlockSource source, int most) {
    this.source = source;
    int count = Math.max(1, most / PAGE);
    this.pages =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, byte[]> eldest) {
            return size() > count;
          }
        };
  }

  @Override
  public long sizeBytes() {
    return source.sizeBytes();
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    if (target.remaining() >= PAGE) {
      source.read(offset, target);
      return;
    }
    long at = offset;
    while (target.hasRemaining()) {
      int from = (int) (at % PAGE);
      int count = Math.min(PAGE - from, target.remaining());
      target.put(page(at / PAGE), from, count);
      at += count;
    }
  }

  private byte[] page(long index) {
    byte[] known = pages.get(index);
    if (known != null) {
      return known;
    }
    long start = index * PAGE;
    byte[] page = new byte[PAGE];
    int length = (int) Math.min(PAGE, source.sizeBytes() - start);
    source.read(start, ByteBuffer.wrap(page, 0, length));
    if (length < PAGE) {
      page = Arrays.copyOf(page, length);
    }
    pages.put(index, page);
    return page;
  }
}
