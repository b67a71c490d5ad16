package io.sendense.repository.memory;

import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoredObject;
import io.sendense.repository.spi.TierState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One object and what the store knows of it. Immutable; the content is never handed out to change.
 *
 * @param tier where it lies, or where it lies from {@code readableAt} on
 * @param readableAt when it came or comes back from the archive
 */
@SuppressWarnings("ArrayRecordComponent") // Entries are never compared.
record Entry(
    byte[] content,
    Instant storedAt,
    Optional<ObjectLock> lock,
    boolean legalHold,
    ObjectTier tier,
    Instant readableAt) {
  static Entry fresh(byte[] content, Instant now, Optional<ObjectLock> lock) {
    return new Entry(content, now, lock, false, ObjectTier.HOT, now);
  }

  StoredObject stored(ObjectName name) {
    return new StoredObject(name, content.length, storedAt);
  }

  LockState lockState() {
    return new LockState(lock, legalHold);
  }

  /** Whether a new lock would end earlier or bind less than one still in force. */
  boolean wouldWeaken(ObjectLock next, Instant now) {
    return lock.filter(old -> old.until().isAfter(now))
        .filter(
            old ->
                next.until().isBefore(old.until())
                    || (old.mode() == LockMode.COMPLIANCE && next.mode() == LockMode.GOVERNANCE))
        .isPresent();
  }

  Entry withLock(ObjectLock next) {
    return new Entry(content, storedAt, Optional.of(next), legalHold, tier, readableAt);
  }

  Entry withHold(boolean held) {
    return new Entry(content, storedAt, lock, held, tier, readableAt);
  }

  TierState tierState(Instant now) {
    boolean rehydrating = readableAt.isAfter(now);
    ObjectTier lies = rehydrating ? ObjectTier.ARCHIVE : tier;
    return new TierState(lies, lies != ObjectTier.ARCHIVE, rehydrating);
  }

  Entry movedTo(ObjectTier next, Instant now, Duration rehydration) {
    TierState before = tierState(now);
    if (before.rehydrating() && tier == next) {
      return this;
    }
    Instant readable =
        before.tier() == ObjectTier.ARCHIVE && next != ObjectTier.ARCHIVE
            ? now.plus(rehydration)
            : now;
    return new Entry(content, storedAt, lock, legalHold, next, readable);
  }
}
