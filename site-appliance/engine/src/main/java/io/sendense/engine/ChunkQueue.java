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
  private static final int WINDOW_CHUNKS_MAX = 1 << 20;

  private final ChunkSet chunks;
  private final Function<BlockRange, List<BlockRange>> allocated;
  private int next;
  private long windowEnd;
  private int windowLast;
  private List<BlockRange> window = List.of();
  private int windowIndex;

  /** Grows while nothing but holes is found, so that a huge sparse disk costs few questions. */
  private int windowChunks = WINDOW_CHUNKS;

  /**
   * @param allocated answers for one window at a time; called under this queue's lock
   */
  ChunkQueue(ChunkSet chunks, Function<BlockRange, List<BlockRange>> allocated) {
    this.chunks = chunks;
    this.allocated = allocated;
    this.next = chunks.next(0);
  }

  /**
   * @param index of the chunk, or of the first of a run of holes
   * @param range of the chunk, or of the whole run
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

  /** As {@link #take}, but where a whole window is a hole all its chunks are one run. */
  synchronized Optional<Chunk> takeRun() {
    if (next >= 0 && chunks.range(next).offset() >= windowEnd) {
      open(chunks.range(next));
    }
    if (next < 0 || !window.isEmpty()) {
      return take();
    }
    long offset = chunks.range(next).offset();
    Chunk run = new Chunk(next, new BlockRange(offset, windowEnd - offset), List.of());
    next = chunks.next(windowLast + 1);
    return Optional.of(run);
  }

  /** The window runs from the chunk to the end of the run of chunks it begins, within the bound. */
  private void open(BlockRange first) {
    windowLast = (int) Math.min(chunks.nextAbsent(next), (long) next + windowChunks) - 1;
    windowEnd = chunks.range(windowLast).end();
    window = allocated.apply(new BlockRange(first.offset(), windowEnd - first.offset()));
    windowChunks = window.isEmpty() ? Math.min(2 * windowChunks, WINDOW_CHUNKS_MAX) : WINDOW_CHUNKS;
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
