package io.sendense.repository.format;

import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * Proof by the store that it holds what it was given: a SHA-256 that it computed itself from what
 * it keeps. Saves reading everything back over the network.
 */
final class StoreProof {
  private StoreProof() {}

  /** What the store's checksum must be; empty where the store computes none. */
  static Optional<byte[]> expected(ObjectStore store, byte[] content, int length) {
    if (!store.capabilities().backendChecksum()) {
      return Optional.empty();
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(content, 0, length);
      return Optional.of(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Whether the store tells the checksum; false where it tells none, so that the caller reads back.
   *
   * @throws io.sendense.domain.SendenseException STORE_DAMAGED where it tells another
   */
  static boolean holds(ObjectStore store, ObjectName name, Optional<byte[]> expected) {
    if (expected.isEmpty()) {
      return false;
    }
    Optional<byte[]> told = store.backendChecksum(name);
    if (told.isPresent() && !MessageDigest.isEqual(told.get(), expected.get())) {
      throw Damage.of(name.value(), "the store's checksum of it is not that of what was written");
    }
    return told.isPresent();
  }
}
