package io.sendense.licensing.grant;

import java.time.Instant;

/**
 * The keys that are to be trusted from now on, said by one that is trusted already: so a key can be
 * replaced without anybody touching an appliance. A value; whether it is genuine is {@link
 * LicenceVerifier}'s to say.
 *
 * @param issuedAt in whole seconds; an appliance takes only a later one than it took last
 * @param keys at least one
 */
public record TrustUpdate(Instant issuedAt, TrustSet keys) {
  public TrustUpdate {
    GrantRules.wholeSeconds("issuedAt", issuedAt);
    if (keys.keyIds().isEmpty()) {
      throw new IllegalArgumentException("an update names at least one key");
    }
  }
}
