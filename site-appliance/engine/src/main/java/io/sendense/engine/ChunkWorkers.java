package io.sendense.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the same loop on a bounded number of threads until the work is used up or one of them fails.
 * Reads block in their thread, so more threads than cores keep reads in flight while others hash.
 */
final class ChunkWorkers {
  private ChunkWorkers() {}

  /** One thread's part: buffers of its own, made once and used for every chunk. */
  interface Worker {
    /** Does the next piece of work; false where none is left. */
    boolean step();
  }

  /**
   * Returns when all workers have ended.
   *
   * @throws RuntimeException the first failure; the others end after the step they are in
   */
  static void run(int threads, JobControl control, Supplier<Worker> workers) {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Worker worker = workers.get();
      running.add(
          Thread.ofPlatform()
              .name("chunk-" + i)
              .daemon()
              .start(() -> loop(worker, control, failure)));
    }
    try {
      for (Thread thread : running) {
        thread.join();
      }
    } catch (InterruptedException e) {
      control.cancel();
      running.forEach(Thread::interrupt);
      joinUninterruptibly(running);
      Thread.currentThread().interrupt();
    }
    Throwable first = failure.get();
    if (first instanceof RuntimeException e) {
      throw e;
    }
    if (first instanceof Error e) {
      throw e;
    }
    control.check();
  }

  private static void loop(
      Worker worker, JobControl control, AtomicReference<@Nullable Throwable> failure) {
    try {
      while (failure.get() == null && worker.step()) {
        control.check();
      }
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  private static void joinUninterruptibly(List<Thread> threads) {
    for (Thread thread : threads) {
      boolean ended = false;
      while (!ended) {
        try {
          thread.join();
          ended = true;
        } catch (InterruptedException e) {
          ended = false;
        }
      }
    }
  }
}
