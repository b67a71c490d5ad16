package io.sendense.recovery.work;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The time between two looks at something that tells nobody when it changes: another process, a
 * guest. Who looks has a deadline.
 */
public final class Pause {
  private Pause() {}

  /** Returns after about that time, or earlier. */
  public static void millis(long count) throws InterruptedException {
    LockSupport.parkNanos(Duration.ofMillis(count).toNanos());
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }
}
