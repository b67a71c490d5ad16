package io.sendense.engine;

import io.sendense.domain.BlockRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Hands out the chunks of a set in ascending order, each with the parts of it that hold data. Asks
 * for allocation by windows of many chunks, so that a sparse disk costs few calls. Thread-safe.
 */
final class ChunkQueue {
  private static final int WINDOW_CHUNKS = 256;

  private final ChunkSet chunks;
  private final Function<BlockRange, List<BlockRange>> allocated;
  private int next;
  private long windowEnd;
  private List<BlockRange> window = List.of();
  private int windowIndex;

  /**
   * @param allocated answers for one window at a time; called under this queue's lock
   */
  ChunkQueue(ChunkSet chunks, Function<BlockRange, List<BlockRange>> allocated) {
    this.chunks = chunks;
    this.allocated = allocated;
    this.next = chunks.next(0);
  }

  /**
   * @param index of the chunk
   * @param range of the chunk
   * @param data parts of the range that may hold data; empty for a hole
   */
  record Chunk(int index, BlockRange range, List<BlockRange> data) {}

  synchronized Optional<Chunk> take() {
    if (next < 0) {
      return Optional.empty();
    }
    BlockRange range = chunks.range(next);
    if (range.offset() >= windowEnd) {
      open(range);
    }
    Chunk chunk = new Chunk(next, range, within(range));
    next = chunks.next(next + 1);
    return Optional.of(chunk);
  }

  /** The window runs from the chunk to the end of the run of chunks it begins, within the bound. */
  private void open(BlockRange first) {
    long end = first.end();
    int chunk = next;
    for (int i = 1; i < WINDOW_CHUNKS && chunks.next(chunk + 1) == chunk + 1; i++) {
      chunk++;
      end = chunks.range(chunk).end();
    }
    window = allocated.apply(new BlockRange(first.offset(), end - first.offset()));
    windowEnd = end;
    windowIndex = 0;
  }

  private List<BlockRange> within(BlockRange range) {
    while (windowIndex < window.size() && window.get(windowIndex).end() <= range.offset()) {
      windowIndex++;
    }
    List<BlockRange> data = List.of();
    for (int i = windowIndex; i < window.size() && window.get(i).offset() < range.end(); i++) {
      long from = Math.max(range.offset(), window.get(i).offset());
      long to = Math.min(range.end(), window.get(i).end());
      if (data.isEmpty()) {
        data = List.of(new BlockRange(from, to - from));
      } else {
        List<BlockRange> more = new ArrayList<>(data);
        more.add(new BlockRange(from, to - from));
        data = more;
      }
    }
    return data;
  }
}
