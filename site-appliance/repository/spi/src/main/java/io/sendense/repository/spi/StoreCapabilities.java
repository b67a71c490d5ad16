package io.sendense.repository.spi;

import java.util.Set;

/**
 * What a store can do beyond the contract. The strict default is {@link #NONE}.
 *
 * @param writable puts and deletes are accepted
 * @param lockModes the locks that a put can carry and the store enforces; empty where it has none
 * @param legalHold the store enforces legal holds
 * @param backendChecksum the store computes a checksum of its own and tells it
 * @param tiers the tiers objects can be moved between; {@code HOT} alone where there is one
 * @param objectBytesMax longest object accepted
 */
public record StoreCapabilities(
    boolean writable,
    Set<LockMode> lockModes,
    boolean legalHold,
    boolean backendChecksum,
    Set<ObjectTier> tiers,
    long objectBytesMax) {
  /** Writable, nothing more, objects up to 64 MiB: what every store must offer. */
  public static final StoreCapabilities NONE =
      new StoreCapabilities(true, Set.of(), false, false, Set.of(ObjectTier.HOT), 64L << 20);

  public StoreCapabilities {
    lockModes = Set.copyOf(lockModes);
    tiers = Set.copyOf(tiers);
  }

  /** The same store, refusing changes. */
  public StoreCapabilities readOnly() {
    return new StoreCapabilities(
        false, lockModes, legalHold, backendChecksum, tiers, objectBytesMax);
  }

  /** The same store with another longest object. */
  public StoreCapabilities withObjectBytesMax(long bytes) {
    return new StoreCapabilities(writable, lockModes, legalHold, backendChecksum, tiers, bytes);
  }
}
