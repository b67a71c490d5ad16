package io.sendense.repository.decorators;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * So many bytes per second for all who share it, first come first served. A transfer is let go as a
 * whole and the next one waits for its time, so the rate holds on average and not within an object.
 * Thread-safe.
 */
public final class Throttle {
  /** Without a limit. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  private static final Duration PATIENCE = Duration.ofHours(1);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier nanos;
  private final Waiter waiter;
  private final Deque<Object> line = new ArrayDeque<>();
  private long bytesPerSecond;
  private double owed;
  private boolean closed;
  private long counted;

  /** Waits on a monitor that the caller holds. */
  @FunctionalInterface
  interface Waiter {
    void await(Object monitor, long nanos) throws InterruptedException;
  }

  public Throttle(long bytesPerSecond) {
    this(
        bytesPerSecond,
        System::nanoTime,
        (monitor, time) -> TimeUnit.NANOSECONDS.timedWait(monitor, Math.max(time, 1_000_000)));
  }

  Throttle(long bytesPerSecond, LongSupplier nanos, Waiter waiter) {
    this.nanos = nanos;
    this.waiter = waiter;
    counted = nanos.getAsLong();
    limit(bytesPerSecond);
  }

  /** From now on; those who wait already are let go by the new rate. */
  public synchronized void limit(long newBytesPerSecond) {
    if (newBytesPerSecond <= 0) {
      throw new IllegalArgumentException("a rate is positive, got " + newBytesPerSecond);
    }
    count();
    bytesPerSecond = newBytesPerSecond;
    notifyAll();
  }

  /**
   * Waits until it is the turn of so many bytes.
   *
   * @throws SendenseException DEADLINE_EXCEEDED after an hour, CANCELLED when interrupted or ended
   */
  public void take(long bytes) {
    take(bytes, () -> {});
  }

  /** From now on nobody waits: who does is told CANCELLED. */
  public synchronized void end() {
    closed = true;
    notifyAll();
  }

  /**
   * The same for a job that may be told to end meanwhile.
   *
   * @param check called before and about once a second while waiting; ends the wait by throwing
   */
  public synchronized void take(long bytes, Runnable check) {
    check.run();
    Object me = new Object();
    line.add(me);
    long end = nanos.getAsLong() + PATIENCE.toNanos();
    try {
      while (true) {
        count();
        boolean first = line.peek() == me;
        if (first && owed <= 0) {
          owed += bytes;
          return;
        }
        long left = end - nanos.getAsLong();
        if (left <= 0) {
          throw new SendenseException(
              ErrorCode.DEADLINE_EXCEEDED,
              "a transfer waited for an hour for its share of the bandwidth",
              "Raise the bandwidth limit or run fewer jobs at once.");
        }
        if (closed) {
          throw new SendenseException(
              ErrorCode.CANCELLED,
              "a transfer that waited for bandwidth was ended",
              "Run it again.");
        }
        long turn = first ? (long) Math.ceil(owed / bytesPerSecond * 1e9) : LOOK_NANOS;
        waiter.await(this, Math.min(left, Math.min(turn, LOOK_NANOS)));
        check.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendenseException(
          ErrorCode.CANCELLED, "waiting for bandwidth was interrupted", "Run the job again.", e);
    } finally {
      line.remove(me);
      notifyAll();
    }
  }

  private void count() {
    long now = nanos.getAsLong();
    owed =
        bytesPerSecond == UNLIMITED
            ? 0
            : Math.max(0, owed - (now - counted) / 1e9 * bytesPerSecond);
    counted = now;
  }
}
