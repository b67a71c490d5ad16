package io.sendense.repository.format;

import io.sendense.repository.spi.ObjectTier;
import java.util.List;

/**
 * What a tiering did, or would do.
 *
 * @param points every readable point, and the lowest tier that its data may lie in
 * @param cooled packs moved to the cool tier
 * @param archived packs moved to the archive
 * @param recalled packs asked back from the archive, because a younger point needs them
 * @param kept packs old enough to go down that stay, because they hold nodes of trees
 */
public record TierReport(
    List<PointTier> points, Packs cooled, Packs archived, Packs recalled, Packs kept) {
  public TierReport {
    points = List.copyOf(points);
  }

  /** A point and where its data may lie. */
  public record PointTier(RestorePoint point, ObjectTier tier) {}

  /** How many, and their length together. */
  public record Packs(long count, long bytes) {
    static final Packs NONE = new Packs(0, 0);

    Packs with(long more) {
      return new Packs(count + 1, bytes + more);
    }
  }
}
