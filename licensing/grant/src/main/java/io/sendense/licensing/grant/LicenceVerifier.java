package io.sendense.licensing.grant;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import io.sendense.domain.ApplianceId;
import io.sendense.domain.CustomerId;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Decides whether a licence or lease is genuine and meant for this appliance. Any thread.
 *
 * <p>It says nothing about what is allowed; see {@link LicenceState}.
 */
public final class LicenceVerifier {
  private final TrustSet trust;
  private final CustomerId customer;
  private final ApplianceId self;

  /**
   * @param customer whose appliance this is
   * @param self this appliance
   */
  public LicenceVerifier(TrustSet trust, CustomerId customer, ApplianceId self) {
    this.trust = trust;
    this.customer = customer;
    this.self = self;
  }

  /**
   * @param text the signed form, from anywhere; hostile input is expected
   * @param facts this appliance's hardware, as far as it could be found out
   * @param now where in the licence's dates we are; {@link LicenceState} asks again at each use
   */
  public Verdict<Licence> verifyLicence(String text, HardwareFacts facts, Instant now) {
    Verdict<Licence> verdict =
        verify(text, GrantFormat.LICENCE_TYPE, LicenceClaims::read, this::audienceOf);
    if (!(verdict instanceof Verdict.Valid<Licence>(Licence licence))) {
      return verdict;
    }
    if (!licence.hardware().holdsOn(facts)) {
      return refused(
          Refusal.OTHER_HARDWARE,
          "the licence is bound to other hardware: "
              + licence.hardware().found(facts)
              + " of "
              + licence.hardware().hashByKind().size()
              + " components found, "
              + licence.hardware().needed()
              + " needed");
    }
    return dated(licence, licence.validFrom(), licence.validTo(), now);
  }

  /** As {@link #verifyLicence}; the lease must name this licence. */
  public Verdict<Lease> verifyLease(String text, Licence licence, Instant now) {
    Verdict<Lease> verdict =
        verify(
            text,
            GrantFormat.LEASE_TYPE,
            LeaseClaims::read,
            lease -> GrantFormat.audience(lease.appliance()));
    if (!(verdict instanceof Verdict.Valid<Lease>(Lease lease))) {
      return verdict;
    }
    if (!lease.licence().equals(licence.id())) {
      return refused(
          Refusal.OTHER_LICENCE,
          "the lease is for licence " + lease.licence() + ", installed is " + licence.id());
    }
    return dated(lease, lease.notBefore(), lease.expiresAt(), now);
  }

  /** A genuine update of the trust set; whether it is a newer one is the caller's to say. */
  public Verdict<TrustUpdate> verifyTrust(String text) {
    return verify(text, GrantFormat.TRUST_TYPE, TrustClaims::read, update -> GrantFormat.EVERYBODY);
  }

  private <T> Verdict<T> verify(
      String text, String type, Function<Claims, T> read, Function<T, String> audience) {
    SignedGrant grant;
    try {
      grant = SignedGrant.parse(text);
    } catch (IllegalArgumentException e) {
      return refused(Refusal.MALFORMED, "this is no licence or lease: " + e.getMessage());
    }
    JWSHeader header = grant.header();
    if (!JWSAlgorithm.PS512.equals(header.getAlgorithm())) {
      return refused(
          Refusal.WRONG_ALGORITHM, "signed with " + header.getAlgorithm() + ", not with PS512");
    }
    Optional<RSAPublicKey> key = trust.find(header.getKeyID());
    if (key.isEmpty()) {
      return refused(
          Refusal.UNKNOWN_KEY, "the signing key " + header.getKeyID() + " is not trusted here");
    }
    if (!signatureHolds(grant, key.get())) {
      return refused(Refusal.FORGED, "the signature does not fit: it was changed or made up");
    }
    return meant(grant, type, read, audience);
  }

  /** What is read here was signed by a key that we trust. */
  private <T> Verdict<T> meant(
      SignedGrant grant, String type, Function<Claims, T> read, Function<T, String> named) {
    JWSHeader header = grant.header();
    if (!header.getType().getType().equals(type)) {
      return refused(
          Refusal.WRONG_TYPE, "it is a " + header.getType() + " where a " + type + " belongs");
    }
    Object version = header.getCustomParam(GrantFormat.VERSION_MEMBER);
    if (!(version instanceof Number number) || number.doubleValue() != GrantFormat.VERSION) {
      return refused(
          Refusal.UNKNOWN_VERSION,
          "its format version is " + version + ", known is " + GrantFormat.VERSION);
    }
    Object audience = header.getCustomParam(GrantFormat.AUDIENCE_MEMBER);
    try {
      T value = read.apply(Claims.parse(grant.payload()));
      if (!named.apply(value).equals(audience)) {
        return refused(Refusal.MALFORMED, "its header names another audience than its payload");
      }
      return own().contains(audience)
          ? new Verdict.Valid<>(value)
          : refused(
              Refusal.WRONG_AUDIENCE,
              "it is for " + audience + ", this is appliance " + self + " of customer " + customer);
    } catch (IllegalArgumentException | ArithmeticException e) {
      return refused(Refusal.MALFORMED, "its payload is not as documented: " + e.getMessage());
    }
  }

  private List<String> own() {
    return List.of(
        GrantFormat.audience(customer, Optional.empty()),
        GrantFormat.audience(self),
        GrantFormat.EVERYBODY);
  }

  private String audienceOf(Licence licence) {
    return GrantFormat.audience(licence.customer(), licence.appliance());
  }

  private static boolean signatureHolds(SignedGrant grant, RSAPublicKey key) {
    try {
      return new RSASSAVerifier(key)
          .verify(
              grant.header(),
              grant.signingInput().getBytes(StandardCharsets.US_ASCII),
              grant.signature());
    } catch (JOSEException e) {
      return false;
    }
  }

  private static <T> Verdict<T> dated(T grant, Instant from, Instant to, Instant now) {
    if (now.isBefore(from)) {
      return new Verdict.NotYetValid<>(grant, from);
    }
    return now.isBefore(to) ? new Verdict.Valid<>(grant) : new Verdict.Expired<>(grant, to);
  }

  private static <T> Verdict<T> refused(Refusal reason, String what) {
    return new Verdict.Refused<>(reason, what);
  }
}
