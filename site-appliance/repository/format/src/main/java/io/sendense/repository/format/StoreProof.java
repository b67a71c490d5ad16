package io.sendense.repository.format;

import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Proof by the store that it holds what it was given: a SHA-256 that it computed itself from what
 * it keeps. Saves reading everything back over the network.
 */
final class StoreProof {
  private StoreProof() {}

  /**
   * Whether the store tells the checksum; false where it tells none, so that the caller reads back.
   *
   * @throws io.sendense.domain.SendenseException STORE_DAMAGED where it tells another
   */
  static boolean holds(ObjectStore store, ObjectName name, byte[] expected) {
    if (!store.capabilities().backendChecksum()) {
      return false;
    }
    Optional<byte[]> told = store.backendChecksum(name);
    if (told.isPresent() && !MessageDigest.isEqual(told.get(), expected)) {
      throw Damage.of(name.value(), "the store's checksum of it is not that of what was written");
    }
    return told.isPresent();
  }
}
