package io.sendense.appliance.daemon;

import io.sendense.billing.metering.UsageFormatException;
import io.sendense.controllink.CloudLink;
import io.sendense.controllink.Identity;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.protocol.DesiredState;
import io.sendense.protocol.LeaseAnswer;
import io.sendense.protocol.LeaseRequest;
import io.sendense.protocol.LinkPaths;
import io.sendense.protocol.ReportedState;
import io.sendense.protocol.UsageAnswer;
import io.sendense.protocol.UsageBatch;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A cloud that keeps what it is told, as the real one does: a report once by its number, usage once
 * by its sequence. It may be unreachable, lose its answers after having taken what was sent, or
 * refuse a call by name.
 */
final class FakeCloud implements Dial {
  private final Site site;
  final List<String> calls = new ArrayList<>();
  final List<ReportedState> reports = new ArrayList<>();
  final Map<String, SendenseException> refusals = new HashMap<>();
  Optional<DesiredState> desired = Optional.empty();
  long usageThrough;
  long leases;
  int opened;
  int closed;
  int renewals;
  boolean away;
  boolean losesAnswers;
  Optional<UsageAnswer> usageAnswer = Optional.empty();

  FakeCloud(Site site) {
    this.site = site;
  }

  static SendenseException unreachable() {
    return new SendenseException(
        ErrorCode.LINK_UNAVAILABLE, "the cloud does not answer", "Check the network.");
  }

  @Override
  public CloudLink open(Identity identity) {
    opened++;
    return new Link();
  }

  @Override
  public Identity renew(Identity old) {
    calls.add("renew");
    fail("renew");
    renewals++;
    return identity(site.clock.instant(), Duration.ofDays(1));
  }

  @Override
  public String cloud() {
    return "https://cloud.example";
  }

  private void fail(String call) {
    if (away) {
      throw unreachable();
    }
    SendenseException refusal = refusals.get(call);
    if (refusal != null) {
      throw refusal;
    }
  }

  private void answer() {
    if (losesAnswers) {
      throw unreachable();
    }
  }

  private final class Link implements CloudLink {
    @Override
    public LeaseAnswer renewLease(LeaseRequest request) {
      calls.add("lease");
      fail("lease");
      leases++;
      answer();
      return Grants.answer(leases, site.clock.instant(), 25);
    }

    @Override
    public Optional<DesiredState> desiredState(long heldVersion, Duration hold) {
      calls.add("desired " + heldVersion);
      fail("desired");
      answer();
      return desired.filter(state -> state.version() > heldVersion);
    }

    @Override
    public void report(ReportedState state) {
      calls.add("report " + state.sequence());
      fail("report");
      if (!reports.contains(state)) {
        reports.add(state);
      }
      answer();
    }

    @Override
    public UsageAnswer sendUsage(UsageBatch sent) {
      calls.add("usage");
      fail("usage");
      if (usageAnswer.isPresent()) {
        UsageAnswer scripted = usageAnswer.get();
        usageAnswer = Optional.empty();
        return scripted;
      }
      var batch = decode(sent);
      long before = usageThrough;
      usageThrough = Math.max(usageThrough, batch.lastSequence());
      answer();
      int fresh = (int) (usageThrough - before);
      return new UsageAnswer(
          fresh == 0 ? UsageAnswer.Outcome.DUPLICATE : UsageAnswer.Outcome.ACCEPTED,
          "usage",
          batch.chain().epoch(),
          usageThrough,
          fresh);
    }

    @Override
    public void close() {
      closed++;
    }
  }

  private static io.sendense.billing.metering.UsageBatch decode(UsageBatch sent) {
    try {
      return io.sendense.billing.metering.UsageBatch.ofBytes(sent.batch());
    } catch (UsageFormatException e) {
      throw new AssertionError(e);
    }
  }

  /** An appliance's certificate, signed by itself, which nobody here checks. */
  static Identity identity(Instant from, Duration life) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair keys = generator.generateKeyPair();
      var name = new javax.security.auth.x500.X500Principal("CN=a, OU=" + Grants.CUSTOMER);
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              BigInteger.ONE,
              Date.from(from),
              Date.from(from.plus(life)),
              name,
              keys.getPublic());
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              new GeneralName(
                  GeneralName.uniformResourceIdentifier,
                  LinkPaths.APPLIANCE_URI + Grants.APPLIANCE)));
      return new Identity(
          keys.getPrivate(),
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(
                      new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))));
    } catch (GeneralSecurityException
        | org.bouncycastle.operator.OperatorCreationException
        | org.bouncycastle.cert.CertIOException e) {
      throw new AssertionError(e);
    }
  }
}
