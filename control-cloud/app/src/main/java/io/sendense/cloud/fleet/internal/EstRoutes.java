package io.sendense.cloud.fleet.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.cloud.fleet.internal.FleetStore.Enrolled;
import io.sendense.cloud.fleet.internal.LinkCall.Answer;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.protocol.LinkPaths;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Enrolment and renewal: EST (RFC 7030) and the renewal after expiry. */
final class EstRoutes {
  private final CertificateAuthority authority;
  private final ClientCertificates certificates;
  private final FleetStore store;
  private final LinkSettings settings;
  private final InstantSource clock;

  EstRoutes(
      CertificateAuthority authority,
      FleetStore store,
      LinkSettings settings,
      InstantSource clock) {
    this.authority = authority;
    this.certificates = new ClientCertificates(authority);
    this.store = store;
    this.settings = settings;
    this.clock = clock;
  }

  Answer caCertificates() {
    return pkcs7(authority.root());
  }

  Answer enrol(LinkCall call) {
    EnrolmentToken token = token(call);
    CertificateRequests.Checked request = CertificateRequests.request(call.body());
    byte[] keyHash = sha256(request.key().getEncoded());
    return switch (store.enrol(token, keyHash, request.name(), clock.instant())) {
      case Enrolled.Accepted(ApplianceIdentity identity) -> issue(identity, request.key());
      case Enrolled.Waiting waiting -> new Answer(202, Map.of("Retry-After", "60"), new byte[0]);
      case Enrolled.UnknownToken unknown -> throw EnrolmentToken.unknown();
      case Enrolled.ExpiredToken(Instant since) ->
          throw refused("the enrolment token expired at " + since);
      case Enrolled.UsedToken used ->
          throw refused("the enrolment token was used before; each is good for one appliance");
      case Enrolled.Banned(String reason) ->
          throw new SendenseException(
              ErrorCode.FORBIDDEN, "this appliance is banned: " + reason, "Ask your provider.");
    };
  }

  Answer renew(LinkCall call) {
    X509Certificate peer = call.peer().orElseThrow(EstRoutes::noCertificate);
    ApplianceIdentity identity = certificates.valid(peer, clock.instant());
    demandActive(identity, peer, known(identity, peer));
    return issue(identity, CertificateRequests.request(call.body()).key());
  }

  /** The key that signs must be the newest that was ever used, so a stolen old one is worthless. */
  Answer renewExpired(LinkCall call) {
    CertificateRequests.SignedByOld signed = CertificateRequests.signedRequest(call.body());
    ApplianceIdentity identity = certificates.genuine(signed.signer());
    FleetStore.Known known = known(identity, signed.signer());
    demandActive(identity, signed.signer(), known);
    Instant end = known.notAfter().plus(settings.renewableAfterExpiry());
    if (clock.instant().isAfter(end)) {
      throw new SendenseException(
          ErrorCode.UNAUTHENTICATED,
          "the certificate expired at " + known.notAfter() + " and could be renewed until " + end,
          "Enrol the appliance again with a new token; its restore points stay.");
    }
    if (known.newerUsed()) {
      store.alert(
          identity,
          ErrorCode.LINK_CLONE_DETECTED.id(),
          "An old certificate was to be renewed although a newer one is in use.",
          clock.instant());
      throw StateRoutes.clone(identity);
    }
    return issue(identity, signed.request().key());
  }

  /** Checks a caller of any other path. */
  ApplianceIdentity authenticated(LinkCall call) {
    X509Certificate peer = call.peer().orElseThrow(EstRoutes::noCertificate);
    ApplianceIdentity identity = certificates.valid(peer, clock.instant());
    demandActive(identity, peer, known(identity, peer));
    store.used(identity, peer.getSerialNumber(), clock.instant());
    return identity;
  }

  private FleetStore.Known known(ApplianceIdentity identity, X509Certificate certificate) {
    return store
        .certificate(identity, certificate.getSerialNumber())
        .orElseThrow(
            () ->
                new SendenseException(
                    ErrorCode.UNAUTHENTICATED,
                    "the client certificate is not on record here",
                    "Enrol the appliance again with a new token."));
  }

  private static void demandActive(
      ApplianceIdentity identity, X509Certificate certificate, FleetStore.Known known) {
    switch (known.state()) {
      case ACTIVE -> {}
      case PENDING ->
          throw new SendenseException(
              ErrorCode.FORBIDDEN,
              "appliance " + identity.appliance() + " waits for approval by a person",
              "Approve it in the portal.");
      case RETIRED ->
          throw new SendenseException(
              ErrorCode.FORBIDDEN,
              "appliance " + identity.appliance() + " is retired",
              "Enrol it again with a new token if it is to be used. Restores go on working.");
      case BANNED ->
          throw new SendenseException(
              ErrorCode.FORBIDDEN,
              "appliance "
                  + identity.appliance()
                  + " is banned; its certificate "
                  + certificate.getSerialNumber().toString(16)
                  + " is refused",
              "Ask your provider. Restores go on working.");
    }
  }

  private Answer issue(ApplianceIdentity identity, PublicKey key) {
    X509Certificate fresh = authority.issueClient(identity, key, settings.certificateLife());
    store.issued(
        identity, fresh.getSerialNumber(), fresh.getNotAfter().toInstant(), clock.instant());
    return pkcs7(fresh);
  }

  private static Answer pkcs7(X509Certificate certificate) {
    return new Answer(
        200,
        Map.of("Content-Type", LinkPaths.PKCS7_CERTS_ONLY, "Content-Transfer-Encoding", "base64"),
        CertificateRequests.certificates(List.of(certificate)));
  }

  private static EnrolmentToken token(LinkCall call) {
    String header = call.header("Authorization").orElse("");
    if (header.startsWith("Basic ")) {
      try {
        String login = new String(Base64.getDecoder().decode(header.substring(6).strip()), UTF_8);
        return EnrolmentToken.parse(login.substring(login.indexOf(':') + 1));
      } catch (IllegalArgumentException e) {
        throw EnrolmentToken.unknown();
      }
    }
    throw new SendenseException(
        ErrorCode.UNAUTHENTICATED,
        "enrolment needs a one-time token",
        "Create one in the portal and set SENDENSE_ENROLMENT_TOKEN to it.");
  }

  static SendenseException noCertificate() {
    return new SendenseException(
        ErrorCode.UNAUTHENTICATED,
        "this path needs the client certificate that enrolment gave, and none was shown",
        "Enrol the appliance first.");
  }

  private static SendenseException refused(String what) {
    return new SendenseException(
        ErrorCode.UNAUTHENTICATED, what, "Create a new enrolment token in the portal.");
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
