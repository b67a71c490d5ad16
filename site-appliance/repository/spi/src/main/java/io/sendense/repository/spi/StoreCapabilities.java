package io.sendense.repository.spi;

/**
 * What a store can do beyond the contract. The strict default is {@link #NONE}.
 *
 * @param writable puts and deletes are accepted
 * @param objectLock a put can carry a retention date that the store enforces
 * @param backendChecksum the store computes a checksum of its own and tells it
 * @param objectBytesMax longest object accepted
 */
public record StoreCapabilities(
    boolean writable, boolean objectLock, boolean backendChecksum, long objectBytesMax) {
  /** Writable, nothing more, objects up to 64 MiB: what every store must offer. */
  public static final StoreCapabilities NONE = new StoreCapabilities(true, false, false, 64L << 20);

  /** The same store, refusing changes. */
  public StoreCapabilities readOnly() {
    return new StoreCapabilities(false, objectLock, backendChecksum, objectBytesMax);
  }
}
