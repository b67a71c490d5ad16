package io.sendense.cloud.fleet.internal;

import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.protocol.LinkPaths;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The authority of the appliance link: one root on P-256 that signs appliances' and the listener's
 * certificates directly. Any thread.
 */
final class CertificateAuthority {
  /** Long enough to plan a change of roots; appliances pin it. */
  static final Duration ROOT_LIFE = Duration.ofDays(3653);

  /** So that a clock that is a little slow does not find a fresh certificate in the future. */
  private static final Duration BACKDATE = Duration.ofMinutes(5);

  private static final String SIGNATURE = "SHA256withECDSA";

  private final PrivateKey key;
  private final X509Certificate root;
  private final SecureRandom random;
  private final InstantSource clock;

  CertificateAuthority(
      PrivateKey key, X509Certificate root, SecureRandom random, InstantSource clock) {
    this.key = key;
    this.root = root;
    this.random = random;
    this.clock = clock;
  }

  /** Makes a new root; nothing is stored. */
  static CertificateAuthority create(SecureRandom random, InstantSource clock) {
    KeyPair pair = newKey(random);
    X500Principal name = new X500Principal("CN=Sendense appliance link CA");
    Instant from = clock.instant().minus(BACKDATE);
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              serial(random),
              Date.from(from),
              Date.from(from.plus(ROOT_LIFE)),
              name,
              pair.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
      X509Certificate root = signed(builder, pair.getPrivate());
      return new CertificateAuthority(pair.getPrivate(), root, random, clock);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a root certificate could not be made", e);
    }
  }

  static KeyPair newKey(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }

  X509Certificate root() {
    return root;
  }

  PrivateKey key() {
    return key;
  }

  /** A client certificate; the identity is in the names, not in the key. */
  X509Certificate issueClient(ApplianceIdentity identity, PublicKey publicKey, Duration life) {
    X500Principal subject =
        new X500Principal(
            "CN=" + identity.appliance() + ",OU=" + identity.customer() + ",O=" + identity.msp());
    GeneralName uri =
        new GeneralName(
            GeneralName.uniformResourceIdentifier, LinkPaths.APPLIANCE_URI + identity.appliance());
    return issue(subject, publicKey, life, KeyPurposeId.id_kp_clientAuth, List.of(uri));
  }

  /** The listener's certificate for these DNS names and IP addresses. */
  X509Certificate issueServer(List<String> names, PublicKey publicKey, Duration life) {
    List<GeneralName> general = new ArrayList<>();
    for (String name : names) {
      boolean address = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
      general.add(new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name));
    }
    X500Principal subject = new X500Principal("CN=Sendense appliance link");
    return issue(subject, publicKey, life, KeyPurposeId.id_kp_serverAuth, general);
  }

  private X509Certificate issue(
      X500Principal subject,
      PublicKey publicKey,
      Duration life,
      KeyPurposeId purpose,
      List<GeneralName> names) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    try {
      JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              X500Name.getInstance(root.getSubjectX500Principal().getEncoded()),
              serial(random),
              Date.from(now.minus(BACKDATE)),
              Date.from(now.plus(life)),
              X500Name.getInstance(subject.getEncoded()),
              publicKey);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose));
      builder.addExtension(
          Extension.authorityKeyIdentifier, false, ids.createAuthorityKeyIdentifier(root));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names.toArray(GeneralName[]::new)));
      return signed(builder, key);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a certificate could not be made", e);
    }
  }

  private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(key)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  /** 127 random bits: never zero or negative, and not guessable. */
  private static BigInteger serial(SecureRandom random) {
    return new BigInteger(127, random).setBit(126);
  }
}
