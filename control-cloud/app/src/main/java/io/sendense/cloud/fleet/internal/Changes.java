package io.sendense.cloud.fleet.internal;

import io.sendense.domain.ApplianceId;
import java.time.Duration;
import java.util.Arrays;

/**
 * Wakes held polls of this process when an appliance's desired state may have changed. A lost or a
 * needless wake does no harm: the poll looks into the database at its own pace too, which is also
 * how it learns of changes made by other replicas. Any thread.
 */
final class Changes {
  /** Appliances share counters; a shared one wakes a poll for nothing. */
  private static final int SLOTS = 1024;

  private final Object[] locks = new Object[SLOTS];
  private final long[] counters = new long[SLOTS];

  Changes() {
    Arrays.setAll(locks, i -> new Object());
  }

  /** To be read before the database is. */
  long seen(ApplianceId appliance) {
    int slot = slot(appliance);
    synchronized (locks[slot]) {
      return counters[slot];
    }
  }

  void changed(ApplianceId appliance) {
    int slot = slot(appliance);
    synchronized (locks[slot]) {
      counters[slot]++;
      locks[slot].notifyAll();
    }
  }

  /** Wakes every poll. */
  void allChanged() {
    for (int slot = 0; slot < SLOTS; slot++) {
      synchronized (locks[slot]) {
        counters[slot]++;
        locks[slot].notifyAll();
      }
    }
  }

  /** Waits until something changed after {@code seen}, at most so long. */
  void await(ApplianceId appliance, long seen, Duration atMost) throws InterruptedException {
    int slot = slot(appliance);
    long deadline = System.nanoTime() + atMost.toNanos();
    synchronized (locks[slot]) {
      while (counters[slot] == seen) {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
          return;
        }
        locks[slot].wait(millis);
      }
    }
  }

  private static int slot(ApplianceId appliance) {
    return Math.floorMod(appliance.hashCode(), SLOTS);
  }
}
