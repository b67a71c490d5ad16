package io.sendense.connectors.libvirt;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Waits for what libvirt can only be asked about. */
final class Pause {
  private static final long FIRST_MILLIS = 5;
  private static final long LONGEST_MILLIS = 200;

  private Pause() {}

  /**
   * Asks until it holds, at growing intervals.
   *
   * @throws SendenseException DEADLINE_EXCEEDED, CANCELLED
   */
  static void until(String what, Duration deadline, BooleanSupplier holds) {
    long end = System.nanoTime() + deadline.toNanos();
    long millis = FIRST_MILLIS;
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new SendenseException(
            ErrorCode.DEADLINE_EXCEEDED,
            what + " did not come within " + deadline.toSeconds() + " s",
            "Look at the load and the log of that host, and try again.");
      }
      try {
        pass(Duration.ofMillis(millis));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SendenseException(
            ErrorCode.CANCELLED, "waiting for " + what + " was interrupted", "", e);
      }
      millis = Math.min(LONGEST_MILLIS, millis * 2);
    }
  }

  /** Lets time pass. */
  static void pass(Duration time) throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    Condition never = lock.newCondition();
    lock.lockInterruptibly();
    try {
      long left = time.toNanos();
      while (left > 0) {
        left = never.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
