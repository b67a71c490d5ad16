package io.sendense.images;

import io.sendense.domain.BlockRange;
import java.util.ArrayList;
import java.util.List;

/** Joins ascending pieces that touch, cut to a window. Not thread-safe. */
final class Runs {
  private final BlockRange window;
  private final List<BlockRange> done = new ArrayList<>();
  private long start;
  private long end = -1;

  Runs(BlockRange window) {
    this.window = window;
  }

  void add(long offset, long length) {
    long from = Math.max(offset, window.offset());
    long to = Math.min(offset + length, window.end());
    if (from >= to) {
      return;
    }
    if (from != end) {
      endRun();
      start = from;
    }
    end = to;
  }

  List<BlockRange> list() {
    endRun();
    return List.copyOf(done);
  }

  private void endRun() {
    if (end > start) {
      done.add(new BlockRange(start, end - start));
    }
    end = -1;
  }
}
