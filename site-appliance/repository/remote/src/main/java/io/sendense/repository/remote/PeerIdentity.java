package io.sendense.repository.remote;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One way to name the holder of a certificate: {@code sha256:} and the hash of its public key, or
 * {@code dns:} or {@code uri:} and a subject alternative name.
 */
public record PeerIdentity(String value) {
  private static final Pattern FORM =
      Pattern.compile("sha256:[0-9a-f]{64}|dns:[a-z0-9._-]{1,253}|uri:[\\x21-\\x7e]{1,500}");
  private static final int DNS = 2;
  private static final int URI = 6;

  public PeerIdentity {
    if (!FORM.matcher(value).matches()) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "\"" + value + "\" does not name a peer",
          "Write dns:NAME or uri:URI for a name in its certificate, or sha256: and 64 hexadecimal"
              + " digits for its public key.");
    }
  }

  /** The identity that stays as long as the key does. */
  public static PeerIdentity of(PublicKey key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      return new PeerIdentity("sha256:" + HexFormat.of().formatHex(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All the ways to name the holder of a certificate whose chain was verified. */
  static Set<PeerIdentity> all(X509Certificate certificate) {
    Set<PeerIdentity> found = new HashSet<>();
    found.add(of(certificate.getPublicKey()));
    try {
      Collection<List<?>> names =
          Optional.ofNullable(certificate.getSubjectAlternativeNames()).orElse(List.of());
      for (List<?> name : names) {
        String text = String.valueOf(name.get(1));
        if (name.get(0).equals(DNS)) {
          add(found, "dns:" + text.toLowerCase(Locale.ROOT));
        } else if (name.get(0).equals(URI)) {
          add(found, "uri:" + text);
        }
      }
    } catch (CertificateParsingException e) {
      // Names that cannot be read name nobody; the key still does.
      return found;
    }
    return found;
  }

  private static void add(Set<PeerIdentity> found, String value) {
    if (FORM.matcher(value).matches()) {
      found.add(new PeerIdentity(value));
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
