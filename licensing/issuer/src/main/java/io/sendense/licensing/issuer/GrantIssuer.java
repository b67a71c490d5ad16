package io.sendense.licensing.issuer;

import io.sendense.licensing.grant.GrantFormat;
import io.sendense.licensing.grant.Lease;
import io.sendense.licensing.grant.Licence;
import io.sendense.licensing.grant.TrustUpdate;
import io.sendense.licensing.grant.UnsignedGrant;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
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

  /** The same, by another key than the one that signs now. */
  public SignedText sign(Licence licence, String keyId) {
    return sign(keyId, id -> GrantFormat.licence(licence, id));
  }

  /** The signed form of {@code docs/formats/licence.md}. */
  public SignedText sign(Lease lease) {
    return sign(keyId -> GrantFormat.lease(lease, keyId));
  }

  /** The same, by another key than the one that signs now. */
  public SignedText sign(Lease lease, String keyId) {
    return sign(keyId, id -> GrantFormat.lease(lease, id));
  }

  /** All published keys as an update. */
  public SignedText signTrust(Instant issuedAt, String keyId) {
    TrustUpdate update = new TrustUpdate(issuedAt, keys.published());
    return sign(keyId, id -> GrantFormat.trust(update, id));
  }

  /** The keys that appliances should trust. */
  public Set<String> publishedKeys() {
    return keys.published().keyIds();
  }

  /**
   * The key to sign with for somebody who believes these: the one that signs now if he does, or
   * says nothing of it; else one that he believes and that is not withdrawn.
   */
  public String keyFor(Collection<String> trusted) {
    String current = keys.currentKeyId();
    if (trusted.isEmpty() || trusted.contains(current)) {
      return current;
    }
    Set<String> published = publishedKeys();
    return trusted.stream().filter(published::contains).sorted().findFirst().orElse(current);
  }

  private SignedText sign(Function<String, UnsignedGrant> form) {
    return sign(keys.currentKeyId(), form);
  }

  private SignedText sign(String keyId, Function<String, UnsignedGrant> form) {
    UnsignedGrant unsigned = form.apply(keyId);
    return new SignedText(unsigned.signedWith(keys.sign(keyId, unsigned.signingInput())), keyId);
  }

  /**
   * @param jws the signed object, to be handed out as it is
   * @param keyId which key signed it
   */
  public record SignedText(String jws, String keyId) {}
}
