package io.sendense.controllink;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Keys on P-256, certificate requests and requests signed with an old key. */
final class Keys {
  private static final String SIGNATURE = "SHA256withECDSA";

  private Keys() {}

  static KeyPair generate(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }

  /** A PKCS#10 in DER whose signature proves possession of the key. */
  static byte[] request(PublicKey publicKey, PrivateKey key, String name) {
    try {
      ContentSigner signer = new JcaContentSignerBuilder(SIGNATURE).build(key);
      X500Name subject = X500Name.getInstance(new X500Principal("CN=" + name).getEncoded());
      return new JcaPKCS10CertificationRequestBuilder(subject, publicKey)
          .build(signer)
          .getEncoded();
    } catch (OperatorCreationException | IOException e) {
      throw unusable(e);
    }
  }

  /** The request inside a CMS message that is signed with the key of the old certificate. */
  static byte[] signedWithOld(byte[] request, Identity old) {
    try {
      X509Certificate certificate = old.certificate();
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(
          new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
              .build(new JcaContentSignerBuilder(SIGNATURE).build(old.key()), certificate));
      generator.addCertificates(new JcaCertStore(List.of(certificate)));
      CMSSignedData signed = generator.generate(new CMSProcessableByteArray(request), true);
      return signed.getEncoded();
    } catch (GeneralSecurityException | OperatorCreationException | CMSException | IOException e) {
      throw unusable(e);
    }
  }

  private static SendenseException unusable(Exception cause) {
    return new SendenseException(
        ErrorCode.INTERNAL,
        "a certificate request could not be made: " + cause.getMessage(),
        "Report this with the appliance's log.",
        cause);
  }
}
