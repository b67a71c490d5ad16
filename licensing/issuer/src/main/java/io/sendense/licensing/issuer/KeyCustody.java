package io.sendense.licensing.issuer;

import io.sendense.licensing.grant.TrustSet;

/**
 * Where signing keys are kept. A key never leaves it: what is to be signed comes in, a signature
 * goes out. Any thread.
 */
public interface KeyCustody {
  /** The id of the key that signs now (RFC 7638 thumbprint). */
  String currentKeyId();

  /**
   * Signs with PS512 (RSASSA-PSS, SHA-512, MGF1 with SHA-512, 64 bytes of salt).
   *
   * @throws io.sendense.domain.SendenseException {@code NOT_FOUND} if there is no such key, {@code
   *     STORE_UNAVAILABLE} if it cannot be reached; nothing was signed then
   */
  byte[] sign(String keyId, byte[] signingInput);

  /** Makes and publishes a key that does not sign yet; its id. Durable when it returns. */
  String generate();

  /**
   * From now on this key signs. The others stay published.
   *
   * @throws io.sendense.domain.SendenseException {@code NOT_FOUND}
   */
  void promote(String keyId);

  /**
   * Removes a key for good: what it signed is not believed any more by whoever learns of it.
   *
   * @throws io.sendense.domain.SendenseException {@code NOT_FOUND}; {@code CONFLICT} for the one
   *     that signs now
   */
  void withdraw(String keyId);

  /** All keys that appliances should trust: the current one, the next ones, the old ones. */
  TrustSet published();
}
