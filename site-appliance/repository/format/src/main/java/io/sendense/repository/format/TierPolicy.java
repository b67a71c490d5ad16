package io.sendense.repository.format;

import io.sendense.repository.spi.ObjectTier;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How old a point must be before its data goes to a cheaper tier.
 *
 * @param coolAfter since the point was made; empty for never
 * @param archiveAfter since the point was made, not shorter than {@code coolAfter}; empty for never
 */
public record TierPolicy(Optional<Duration> coolAfter, Optional<Duration> archiveAfter) {
  public TierPolicy {
    if (coolAfter.isPresent()
        && archiveAfter.isPresent()
        && archiveAfter.get().compareTo(coolAfter.get()) < 0) {
      throw new IllegalArgumentException("data is archived before it is cool");
    }
  }

  ObjectTier of(RestorePoint point, Instant now, boolean readable) {
    Duration age = Duration.between(point.createdAt(), now);
    if (!readable && archiveAfter.filter(after -> age.compareTo(after) >= 0).isPresent()) {
      return ObjectTier.ARCHIVE;
    }
    return coolAfter.filter(after -> age.compareTo(after) >= 0).isPresent()
        ? ObjectTier.COOL
        : ObjectTier.HOT;
  }
}
