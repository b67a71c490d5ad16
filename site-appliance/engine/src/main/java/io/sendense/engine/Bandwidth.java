package io.sendense.engine;

import io.sendense.domain.SendenseException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Lets bytes pass at no more than a rate, over any span longer than a second. Callers are served in
 * the order in which they came. Thread-safe.
 */
public final class Bandwidth {
  private static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final long bytesPerSecond;
  private final LongSupplier nanoTime;
  private final Waiting waiting;
  private final ReentrantLock turn = new ReentrantLock(true);

  /** When all that has passed would have passed at the exact rate. */
  private long freeAtNanos;

  Bandwidth(long bytesPerSecond, LongSupplier nanoTime, Waiting waiting) {
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException("a rate of " + bytesPerSecond);
    }
    this.bytesPerSecond = bytesPerSecond;
    this.nanoTime = nanoTime;
    this.waiting = waiting;
    freeAtNanos = nanoTime.getAsLong() - BURST_NANOS;
  }

  /**
   * @param bytesPerSecond the rate; 0 for none
   */
  public static Bandwidth of(long bytesPerSecond) {
    return new Bandwidth(bytesPerSecond, System::nanoTime, Waiting.real());
  }

  /**
   * Returns when so many bytes may pass, or throws when the job is to end.
   *
   * @throws SendenseException CANCELLED, DEADLINE_EXCEEDED
   */
  public void pass(long bytes, JobControl control) {
    control.check();
    if (bytesPerSecond == 0) {
      return;
    }
    turn.lock();
    try {
      long now = nanoTime.getAsLong();
      while (freeAtNanos - now > 0) {
        waiting.pass(Duration.ofNanos(freeAtNanos - now), control);
        now = nanoTime.getAsLong();
      }
      long from = Math.max(freeAtNanos, now - BURST_NANOS);
      freeAtNanos = from + (long) (bytes * 1e9 / bytesPerSecond);
    } finally {
      turn.unlock();
    }
  }
}
