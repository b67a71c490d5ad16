package io.sendense.repository.spi;

import java.time.Instant;
import java.util.Optional;

/**
 * What keeps an object from being deleted, as the store tells it.
 *
 * @param lock the lock the object carries, also where its date has passed
 * @param legalHold held until somebody lifts the hold, whatever the lock says
 */
public record LockState(Optional<ObjectLock> lock, boolean legalHold) {
  /** Nothing keeps it. */
  public static final LockState FREE = new LockState(Optional.empty(), false);

  /** Whether the store refuses to delete the object at a moment of its own clock. */
  public boolean refusesDeletion(Instant storeTime) {
    return legalHold || lock.filter(l -> l.until().isAfter(storeTime)).isPresent();
  }
}
