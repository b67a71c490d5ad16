package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Threads that work on what one thread hands them, a few pieces at a time: the one that hands out
 * waits while all are at work, so nothing piles up. The first failure ends the work.
 */
final class ChunkCrew implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 3600;

  private final int threads;
  private final ExecutorService workers;
  private final Semaphore free;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  ChunkCrew(String name, int threads) {
    this.threads = threads;
    workers =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    free = new Semaphore(threads);
  }

  /** Hands a piece to a thread that is free; throws what an earlier piece failed with. */
  void run(Runnable piece) {
    acquire(1);
    if (failure.get() != null) {
      free.release();
      check();
    }
    workers.execute(
        () -> {
          try {
            piece.run();
          } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
          } finally {
            free.release();
          }
        });
  }

  /** Returns when every piece is done, or throws what one failed with. */
  void finish() {
    acquire(threads);
    free.release(threads);
    check();
  }

  @Override
  public void close() {
    workers.shutdown();
    try {
      if (!workers.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      workers.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private void acquire(int count) {
    try {
      if (!free.tryAcquire(count, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("a piece of work did not end within an hour");
      }
    } catch (InterruptedException e) {
      throw PackUploads.interrupted(e);
    }
  }

  private void check() {
    Throwable first = failure.get();
    if (first instanceof SendenseException s) {
      // A new exception, so that the stack is the caller's.
      throw new SendenseException(s.code(), String.valueOf(s.getMessage()), s.remedy(), s);
    }
    if (first instanceof RuntimeException e) {
      throw e;
    }
    if (first instanceof Error e) {
      throw e;
    }
  }
}
