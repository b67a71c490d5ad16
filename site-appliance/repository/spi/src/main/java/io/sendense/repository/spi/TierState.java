package io.sendense.repository.spi;

/**
 * Where an object lies.
 *
 * @param readable a read is answered now: the tier is not {@code ARCHIVE}, or a readable copy of
 *     the archived object is there for a time
 * @param rehydrating it was asked back from the archive and is not readable yet
 */
public record TierState(ObjectTier tier, boolean readable, boolean rehydrating) {
  /** An object that is read at once. */
  public static TierState online(ObjectTier tier) {
    return new TierState(tier, true, false);
  }
}
