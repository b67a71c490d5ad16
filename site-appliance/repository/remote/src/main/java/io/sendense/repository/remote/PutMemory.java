package io.sendense.repository.remote;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Hands out a fixed amount of memory in order of asking. Thread-safe. */
final class PutMemory {
  private final Deque<Share> waiting = new ArrayDeque<>();
  private long free;

  PutMemory(long bytes) {
    this.free = bytes;
  }

  /** A place in the queue, then a part of the memory, until it is given back. */
  final class Share {
    private final long bytes;
    private final Consumer<Share> granted;
    private boolean held;
    private boolean over;

    private Share(long bytes, Consumer<Share> granted) {
      this.bytes = bytes;
      this.granted = granted;
    }

    /** Gives back what was granted, or leaves the queue. May be called twice. */
    void release() {
      List<Share> next;
      synchronized (PutMemory.this) {
        if (over) {
          return;
        }
        over = true;
        if (held) {
          free += bytes;
        } else {
          waiting.remove(this);
        }
        next = grant();
      }
      next.forEach(share -> share.granted.accept(share));
    }
  }

  /**
   * @param granted told once, on the caller's thread or on that of a release; when the share was
   *     released just then, it is told nevertheless
   */
  Share ask(long bytes, Consumer<Share> granted) {
    Share share = new Share(bytes, granted);
    List<Share> next;
    synchronized (this) {
      waiting.add(share);
      next = grant();
    }
    next.forEach(one -> one.granted.accept(one));
    return share;
  }

  private List<Share> grant() {
    List<Share> next = new ArrayList<>();
    for (Share first = waiting.peek();
        first != null && first.bytes <= free;
        first = waiting.peek()) {
      free -= first.bytes;
      first.held = true;
      next.add(waiting.remove());
    }
    return next;
  }
}
