package io.sendense.licensing.issuer;

import io.sendense.licensing.grant.GrantFormat;
import io.sendense.licensing.grant.Lease;
import io.sendense.licensing.grant.Licence;
import io.sendense.licensing.grant.UnsignedGrant;
import java.util.function.Function;

/** Signs licences and leases with the key that signs now. Any thread; it decides nothing. */
public final class GrantIssuer {
  private final KeyCustody keys;

  public GrantIssuer(KeyCustody keys) {
    this.keys = keys;
  }

  /** The signed form of {@code docs/formats/licence.md}. */
  public SignedText sign(Licence licence) {
    return sign(keyId -> GrantFormat.licence(licence, keyId));
  }

  /** The signed form of {@code docs/formats/licence.md}. */
  public SignedText sign(Lease lease) {
    return sign(keyId -> GrantFormat.lease(lease, keyId));
  }

  private SignedText sign(Function<String, UnsignedGrant> form) {
    String keyId = keys.currentKeyId();
    UnsignedGrant unsigned = form.apply(keyId);
    return new SignedText(unsigned.signedWith(keys.sign(keyId, unsigned.signingInput())), keyId);
  }

  /**
   * @param jws the signed object, to be handed out as it is
   * @param keyId which key signed it
   */
  public record SignedText(String jws, String keyId) {}
}
