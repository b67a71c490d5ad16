package io.sendense.controllink;

import io.sendense.domain.ApplianceId;
import io.sendense.domain.CustomerId;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.protocol.LinkPaths;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Who this appliance is: a key that never leaves it and the certificate that the cloud issued for
 * it. The identity is the appliance id inside the certificate; the key may change.
 */
public record Identity(PrivateKey key, X509Certificate certificate) {
  /** The appliance id that the certificate names. */
  public ApplianceId appliance() {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      for (List<?> name : names == null ? List.<List<?>>of() : names) {
        if (name.get(1) instanceof String uri && uri.startsWith(LinkPaths.APPLIANCE_URI)) {
          return ApplianceId.parse(uri.substring(LinkPaths.APPLIANCE_URI.length()));
        }
      }
    } catch (CertificateParsingException e) {
      throw unusable(e);
    }
    throw unusable(null);
  }

  /** The customer that the certificate names, whose licences this appliance may use. */
  public CustomerId customer() {
    for (String part : certificate.getSubjectX500Principal().getName().split(",")) {
      if (part.startsWith("OU=")) {
        return CustomerId.parse(part.substring(3));
      }
    }
    throw unusable(null);
  }

  /** When two thirds of the certificate's life are over. */
  public Instant renewAt() {
    Instant from = certificate.getNotBefore().toInstant();
    Duration life = Duration.between(from, certificate.getNotAfter().toInstant());
    return from.plus(life.multipliedBy(2).dividedBy(3));
  }

  /** Whether the certificate's dates are over. */
  public boolean expiredAt(Instant now) {
    return !now.isBefore(certificate.getNotAfter().toInstant());
  }

  private static SendenseException unusable(@org.jspecify.annotations.Nullable Throwable cause) {
    return new SendenseException(
        ErrorCode.LINK_REFUSED,
        "the certificate of this appliance does not name an appliance",
        "Enrol the appliance again with a new token.",
        cause);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Identity[" + certificate.getSerialNumber().toString(16) + "]";
  }
}
