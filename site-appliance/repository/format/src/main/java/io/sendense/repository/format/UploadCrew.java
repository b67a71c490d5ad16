package io.sendense.repository.format;

import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads that store packs: no more than a bound, no more than there is work for, and none soon
 * after the last work, so that a repository that is only held open has none. Each has a buffer for
 * reading back. Thread-safe.
 */
final class UploadCrew {
  private static final long LINGER_MILLIS = 200;

  private final int threadsMax;
  private final ArrayDeque<Consumer<byte[]>> queue = new ArrayDeque<>();
  private int threads;
  private int idle;
  private int started;
  private boolean closed;

  UploadCrew(int threadsMax) {
    this.threadsMax = threadsMax;
  }

  /**
   * Has work done soon. What waits is bounded by the memory of the packs it is for.
   *
   * @param work is given a buffer of {@link PackProof#SLICE_BYTES}, and throws nothing
   */
  synchronized void execute(Consumer<byte[]> work) {
    if (closed) {
      throw new RejectedExecutionException("the repository was closed");
    }
    queue.addLast(work);
    if (idle < queue.size() && threads < threadsMax) {
      Thread.ofPlatform().daemon().name("pack-upload-" + started).start(this::work);
      started++;
      threads++;
    } else {
      notifyAll();
    }
  }

  /** Takes no more work; what was taken is done. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  private void work() {
    byte[] slice = new byte[0];
    for (Consumer<byte[]> work = next(); work != null; work = next()) {
      if (slice.length == 0) {
        slice = new byte[PackProof.SLICE_BYTES];
      }
      work.accept(slice);
    }
  }

  private synchronized @Nullable Consumer<byte[]> next() {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS);
    idle++;
    try {
      long left = LINGER_MILLIS;
      while (queue.isEmpty() && left > 0 && !closed) {
        wait(left);
        left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      }
    } catch (InterruptedException e) {
      // Nobody interrupts these threads; work that waits is still done.
      Thread.currentThread().interrupt();
    } finally {
      idle--;
    }
    Consumer<byte[]> work = queue.pollFirst();
    if (work == null) {
      threads--;
    }
    return work;
  }
}
