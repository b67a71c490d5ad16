package io.sendense.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts bytes from many workers and tells the listener now and then. The rate is a mean that fades
 * over some five seconds, so that a stall shows soon and a burst does not.
 */
final class ProgressMeter {
  private static final long TELL_NANOS = 100_000_000L;
  private static final double FADE_SECONDS = 5;

  private final JobListener listener;
  private final Phase phase;
  private final long totalBytes;
  private final AtomicLong done = new AtomicLong();
  private final ReentrantLock telling = new ReentrantLock();
  private volatile long toldNanos = System.nanoTime();
  private long toldBytes;
  private double rate;

  ProgressMeter(JobListener listener, Phase phase, long totalBytes) {
    this.listener = listener;
    this.phase = phase;
    this.totalBytes = totalBytes;
  }

  void add(long bytes) {
    done.addAndGet(bytes);
    // The uncontended look at the clock is cheap beside a chunk's work.
    if (System.nanoTime() - toldNanos > TELL_NANOS && telling.tryLock()) {
      try {
        tell();
      } finally {
        telling.unlock();
      }
    }
  }

  /** Tells the final count. */
  void finish() {
    telling.lock();
    try {
      tell();
    } finally {
      telling.unlock();
    }
  }

  private void tell() {
    long now = System.nanoTime();
    double seconds = Math.max(1e-9, (now - toldNanos) / 1e9);
    long bytes = done.get();
    double recent = (bytes - toldBytes) / seconds;
    double share = toldBytes == 0 ? 1 : 1 - Math.exp(-seconds / FADE_SECONDS);
    rate += share * (recent - rate);
    toldNanos = now;
    toldBytes = bytes;
    Optional<Duration> remaining =
        rate < 1
            ? Optional.empty()
            : Optional.of(Duration.ofMillis((long) ((totalBytes - bytes) / rate * 1000)));
    listener.advanced(phase, new Progress(bytes, totalBytes, (long) rate, remaining));
  }
}
