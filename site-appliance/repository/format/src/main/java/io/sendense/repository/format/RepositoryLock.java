package io.sendense.repository.format;

import io.sendense.repository.spi.LockMode;
import java.time.Duration;

/**
 * How long what is stored cannot be deleted by anybody who does not keep the store itself.
 *
 * @param days a point is locked at least so long from its sealing: 1 to 3,650
 */
public record RepositoryLock(LockMode mode, int days) {
  public static final int DAYS_MAX = 3650;

  public RepositoryLock {
    if (days < 1 || days > DAYS_MAX) {
      throw new IllegalArgumentException("a lock is 1 to " + DAYS_MAX + " days, got " + days);
    }
  }

  Duration period() {
    return Duration.ofDays(days);
  }
}
