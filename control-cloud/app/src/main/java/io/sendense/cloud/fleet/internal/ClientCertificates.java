package io.sendense.cloud.fleet.internal;

import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.domain.ApplianceId;
import io.sendense.domain.CustomerId;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.MspId;
import io.sendense.domain.SendenseException;
import io.sendense.protocol.LinkPaths;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges client certificates: issued by our authority (by its signature, not by its name), for
 * clients, in their dates. TLS has proved before that the caller holds the key.
 *
 * <p>It is done here and not in the handshake because a refused handshake reaches the appliance as
 * an alert without a reason, and because an expired certificate must be told from a foreign one.
 */
final class ClientCertificates {
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

  private final CertificateAuthority authority;

  ClientCertificates(CertificateAuthority authority) {
    this.authority = authority;
  }

  /** Genuine and in its dates. */
  ApplianceIdentity valid(X509Certificate certificate, Instant now) {
    ApplianceIdentity identity = genuine(certificate);
    Instant notAfter = certificate.getNotAfter().toInstant();
    if (!now.isBefore(notAfter)) {
      throw new SendenseException(
          ErrorCode.UNAUTHENTICATED,
          "the client certificate of appliance " + identity.appliance() + " expired at " + notAfter,
          "The appliance renews it by itself with its key; if it cannot, enrol it again.");
    }
    if (now.isBefore(certificate.getNotBefore().toInstant())) {
      throw refused(
          "the client certificate is not valid yet: check the control plane's clock", null);
    }
    return identity;
  }

  /** Issued by us for an appliance, whatever its dates. */
  ApplianceIdentity genuine(X509Certificate certificate) {
    X509Certificate root = authority.root();
    try {
      certificate.verify(root.getPublicKey());
    } catch (GeneralSecurityException e) {
      boolean sameName =
          certificate.getIssuerX500Principal().equals(root.getSubjectX500Principal());
      throw refused(
          sameName
              ? "the client certificate was issued by another authority of the same name"
              : "the client certificate was issued by another authority ("
                  + shown(certificate.getIssuerX500Principal().getName())
                  + ")",
          e);
    }
    try {
      List<String> uses = certificate.getExtendedKeyUsage();
      if (certificate.getBasicConstraints() >= 0 || uses == null || !uses.contains(CLIENT_AUTH)) {
        throw refused("the certificate is not one for an appliance", null);
      }
      return identity(certificate);
    } catch (CertificateParsingException e) {
      throw refused("the client certificate cannot be read", e);
    }
  }

  private static ApplianceIdentity identity(X509Certificate certificate)
      throws CertificateParsingException {
    Map<String, String> parts = new HashMap<>();
    for (String part : certificate.getSubjectX500Principal().getName().split(",")) {
      String[] pair = part.split("=", 2);
      if (pair.length == 2) {
        parts.put(pair[0], pair[1]);
      }
    }
    String customer = parts.get("OU");
    String msp = parts.get("O");
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    for (List<?> name : names == null ? List.<List<?>>of() : names) {
      if (customer != null
          && msp != null
          && name.get(1) instanceof String uri
          && uri.startsWith(LinkPaths.APPLIANCE_URI)) {
        return new ApplianceIdentity(
            MspId.parse(msp),
            CustomerId.parse(customer),
            ApplianceId.parse(uri.substring(LinkPaths.APPLIANCE_URI.length())));
      }
    }
    throw refused("the client certificate names no appliance", null);
  }

  private static String shown(String name) {
    String plain = name.replaceAll("[^\\p{Print}]", "?");
    return plain.length() > 100 ? plain.substring(0, 100) + "..." : plain;
  }

  private static SendenseException refused(String what, @Nullable Throwable cause) {
    return new SendenseException(
        ErrorCode.UNAUTHENTICATED,
        what,
        "Use the certificate that this control plane issued at enrolment, or enrol again with a"
            + " new token.",
        cause);
  }
}
