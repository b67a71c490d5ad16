package io.sendense.repository.format;

/**
 * The key that makes chunk ids and root hashes the same in all repositories of one tenant and
 * meaningless to everyone else. Opaque; never shown.
 */
public final class TenantIdentity {
  private final byte[] key;

  TenantIdentity(byte[] key) {
    this.key = key.clone();
  }

  byte[] key() {
    return key.clone();
  }

  @Override
  public String toString() {
    return "TenantIdentity[hidden]";
  }
}
