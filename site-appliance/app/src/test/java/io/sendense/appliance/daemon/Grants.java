package io.sendense.appliance.daemon;

import io.sendense.domain.ApplianceId;
import io.sendense.domain.CustomerId;
import io.sendense.domain.Edition;
import io.sendense.domain.LicenceId;
import io.sendense.domain.MspId;
import io.sendense.licensing.grant.GrantFormat;
import io.sendense.licensing.grant.HardwareBinding;
import io.sendense.licensing.grant.HardwareFacts;
import io.sendense.licensing.grant.Lease;
import io.sendense.licensing.grant.Licence;
import io.sendense.licensing.grant.Limits;
import io.sendense.licensing.grant.TrustSet;
import io.sendense.licensing.grant.TrustUpdate;
import io.sendense.licensing.grant.UnsignedGrant;
import io.sendense.protocol.LeaseAnswer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Genuine licences and leases of one appliance, signed with a key made for this run. */
final class Grants {
  static final ApplianceId APPLIANCE = new ApplianceId(new UUID(1, 1));
  static final CustomerId CUSTOMER = new CustomerId(new UUID(2, 2));
  static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  static final Instant TO = Instant.parse("2027-01-01T00:00:00Z");
  static final Duration LEASE = Duration.ofDays(7);

  private static final LicenceId LICENCE = new LicenceId(new UUID(3, 3));
  private static final KeyPair KEYS = keys();

  /** Made when a test rotates keys; 4096 bits take seconds. */
  private static final class Next {
    static final KeyPair KEYS = keys();
  }

  private Grants() {}

  static TrustSet trust() {
    return TrustSet.of(List.of((RSAPublicKey) KEYS.getPublic()));
  }

  static TrustSet nextTrust() {
    return TrustSet.of(List.of((RSAPublicKey) Next.KEYS.getPublic()));
  }

  /** The first answer again, with both keys published by the first one. */
  static LeaseAnswer publishing(LeaseAnswer answer, Instant at) {
    TrustSet both =
        TrustSet.of(List.of((RSAPublicKey) KEYS.getPublic(), (RSAPublicKey) Next.KEYS.getPublic()));
    return with(answer, GrantFormat.trust(new TrustUpdate(at, both), id(KEYS)), KEYS);
  }

  /** An answer that withdraws the first key, signed by the next one. */
  static LeaseAnswer withdrawing(LeaseAnswer answer, Instant at) {
    return with(
        answer, GrantFormat.trust(new TrustUpdate(at, nextTrust()), id(Next.KEYS)), Next.KEYS);
  }

  /** The licence and lease of {@link #answer}, signed by the next key. */
  static LeaseAnswer nextAnswer(long sequence, Instant from, int vms) {
    return answer(sequence, from, vms, HardwareBinding.NONE, Next.KEYS);
  }

  private static LeaseAnswer with(LeaseAnswer answer, UnsignedGrant trust, KeyPair by) {
    return new LeaseAnswer(
        answer.licence(), answer.lease(), answer.serverTime(), Optional.of(sign(trust, by)));
  }

  private static String id(KeyPair pair) {
    return TrustSet.keyId((RSAPublicKey) pair.getPublic());
  }

  /** The licence for so many machines and a lease of seven days from the second given. */
  static LeaseAnswer answer(long sequence, Instant from, int vms) {
    return answer(sequence, from, vms, HardwareBinding.NONE);
  }

  /** The same for 25 machines and this hardware alone. */
  static LeaseAnswer boundAnswer(long sequence, Instant from, HardwareFacts hardware) {
    return answer(sequence, from, 25, HardwareBinding.to(hardware));
  }

  private static LeaseAnswer answer(
      long sequence, Instant from, int vms, HardwareBinding hardware) {
    return answer(sequence, from, vms, hardware, KEYS);
  }

  private static LeaseAnswer answer(
      long sequence, Instant from, int vms, HardwareBinding hardware, KeyPair by) {
    Licence licence =
        new Licence(
            LICENCE,
            new MspId(new UUID(4, 4)),
            CUSTOMER,
            Optional.of(APPLIANCE),
            Edition.ENTERPRISE,
            Set.of(),
            Limits.ofVms(vms),
            FROM,
            FROM,
            TO,
            Licence.DEFAULT_GRACE,
            Licence.DEFAULT_RESTRICTED,
            Licence.DEFAULT_OFFLINE,
            hardware,
            1);
    Lease lease = new Lease(LICENCE, APPLIANCE, sequence, from, from, from.plus(LEASE));
    return new LeaseAnswer(
        sign(GrantFormat.licence(licence, id(by)), by),
        sign(GrantFormat.lease(lease, id(by)), by),
        from);
  }

  private static String sign(UnsignedGrant unsigned, KeyPair by) {
    try {
      Signature signer = Signature.getInstance("RSASSA-PSS");
      signer.setParameter(new PSSParameterSpec("SHA-512", "MGF1", MGF1ParameterSpec.SHA512, 64, 1));
      signer.initSign(by.getPrivate());
      signer.update(unsigned.signingInput());
      return unsigned.signedWith(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(4096);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
