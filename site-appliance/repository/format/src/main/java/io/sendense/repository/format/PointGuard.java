package io.sendense.repository.format;

import java.time.Instant;
import java.util.Optional;

/**
 * What keeps a point from being deleted.
 *
 * @param held by a legal hold, until somebody releases it
 * @param lockedUntil end of a lock still in force, by the store's clock
 */
public record PointGuard(boolean held, Optional<Instant> lockedUntil) {
  /** Nothing does. */
  public static final PointGuard NONE = new PointGuard(false, Optional.empty());

  public boolean mayGo() {
    return !held && lockedUntil.isEmpty();
  }
}
