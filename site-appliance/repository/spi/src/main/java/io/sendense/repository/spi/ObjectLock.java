package io.sendense.repository.spi;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A date before which the store refuses to delete or replace an object.
 *
 * @param until by the store's clock; whole seconds, because S3 and Azure keep no finer ones
 */
public record ObjectLock(LockMode mode, Instant until) {
  public ObjectLock {
    if (!until.equals(until.truncatedTo(ChronoUnit.SECONDS))) {
      throw new IllegalArgumentException("a lock ends on a whole second, got " + until);
    }
  }
}
