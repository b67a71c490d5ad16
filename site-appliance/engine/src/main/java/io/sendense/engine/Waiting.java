package io.sendense.engine;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets time pass; tests move their clock instead. */
@FunctionalInterface
interface Waiting {
  Duration SLICE = Duration.ofMillis(200);

  void nanos(long nanos) throws InterruptedException;

  /** Waits on nothing that could come sooner. */
  static Waiting real() {
    ReentrantLock lock = new ReentrantLock();
    Condition never = lock.newCondition();
    return nanos -> {
      lock.lockInterruptibly();
      try {
        long left = nanos;
        while (left > 0) {
          left = never.awaitNanos(left);
        }
      } finally {
        lock.unlock();
      }
    };
  }

  /** Waits in slices, so that a cancelled job ends soon. */
  default void pass(Duration time, JobControl control) {
    long left = time.toNanos();
    try {
      while (left > 0) {
        long slice = Math.min(left, SLICE.toNanos());
        nanos(slice);
        left -= slice;
        control.check();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendenseException(
          ErrorCode.CANCELLED, "the job was interrupted", "Start it again when it suits.", e);
    }
  }
}
