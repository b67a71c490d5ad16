package io.sendense.connectors.cloudstack;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Growing waits between questions, up to a deadline. */
final class Backoff {
  private static final long FIRST_MILLIS = 50;
  private static final long LONGEST_MILLIS = 3000;

  private final long end;
  private long millis = FIRST_MILLIS;

  Backoff(Duration deadline) {
    this.end = System.nanoTime() + deadline.toNanos();
  }

  /**
   * Lets some time pass.
   *
   * @return false, at once, where the deadline has passed
   */
  boolean pause(String what) {
    if (System.nanoTime() - end >= 0) {
      return false;
    }
    try {
      boolean never = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
      millis = never ? millis : Math.min(LONGEST_MILLIS, millis * 3 / 2);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendenseException(
          ErrorCode.CANCELLED, "waiting for " + what + " was interrupted", "Start it again.", e);
    }
  }
}
