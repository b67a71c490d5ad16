package io.sendense.cloud.fleet.internal;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.CMSTypedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** Reads what appliances send to be certified. Hostile input is expected. */
final class CertificateRequests {
  private static final int MAX_DER_BYTES = 16 * 1024;
  private static final int P256_BITS = 256;

  private CertificateRequests() {}

  /** A request whose signature proved possession of the key. */
  record Checked(PublicKey key, String name) {}

  /** A request inside a message signed with the key of {@code signer}, which is not judged here. */
  record SignedByOld(Checked request, X509Certificate signer) {}

  static Checked request(byte[] base64) {
    return checked(der(base64));
  }

  static SignedByOld signedRequest(byte[] base64) {
    try {
      CMSSignedData signed = new CMSSignedData(der(base64));
      Collection<SignerInformation> signers = signed.getSignerInfos().getSigners();
      CMSTypedData content = signed.getSignedContent();
      if (signers.size() != 1 || content == null) {
        throw bad("it must have one signer and carry its content");
      }
      SignerInformation signer = signers.iterator().next();
      List<X509CertificateHolder> holders =
          signed.getCertificates().getMatches(null).stream()
              .filter(signer.getSID()::match)
              .toList();
      if (holders.size() != 1) {
        throw bad("it must carry its signer's certificate");
      }
      X509Certificate certificate =
          new JcaX509CertificateConverter().getCertificate(holders.getFirst());
      // By the key alone: a check by certificate would also demand that it has not expired.
      if (!signer.verify(
          new JcaSimpleSignerInfoVerifierBuilder().build(certificate.getPublicKey()))) {
        throw bad("its signature does not fit");
      }
      if (!(content.getContent() instanceof byte[] inner)) {
        throw bad("it does not carry a certificate request");
      }
      return new SignedByOld(checked(inner), certificate);
    } catch (CMSException | GeneralSecurityException | OperatorCreationException e) {
      throw bad("it is not a signed message: " + e.getMessage());
    } catch (RuntimeException e) {
      throw e instanceof SendenseException known ? known : bad("it cannot be read");
    }
  }

  /** PKCS#7 certs-only in base64, as EST answers. */
  static byte[] certificates(List<X509Certificate> certificates) {
    try {
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      generator.addCertificates(new JcaCertStore(certificates));
      byte[] der = generator.generate(new CMSProcessableByteArray(new byte[0])).getEncoded();
      return Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(der);
    } catch (GeneralSecurityException | CMSException | IOException e) {
      throw new IllegalStateException("certificates could not be written", e);
    }
  }

  private static Checked checked(byte[] der) {
    try {
      JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(der);
      PublicKey key = request.getPublicKey();
      if (!(key instanceof ECPublicKey ec)
          || ec.getParams().getCurve().getField().getFieldSize() != P256_BITS) {
        throw bad("its key is not on P-256");
      }
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw bad("its signature does not fit its key");
      }
      return new Checked(key, commonName(request));
    } catch (IOException | GeneralSecurityException | OperatorCreationException | PKCSException e) {
      throw bad(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      throw e instanceof SendenseException known ? known : bad("it cannot be read");
    }
  }

  /** Only a label for people; the identity never comes from the request. */
  private static String commonName(JcaPKCS10CertificationRequest request) throws IOException {
    String subject =
        new X500Principal(request.getSubject().getEncoded()).getName(X500Principal.RFC2253);
    String name = subject.startsWith("CN=") ? subject.substring(3) : subject;
    int end = name.indexOf(',');
    String first = (end < 0 ? name : name.substring(0, end)).replaceAll("[^\\p{Alnum} ._-]", "");
    String cut = first.length() > 80 ? first.substring(0, 80) : first;
    return cut.isBlank() ? "appliance" : cut.strip();
  }

  private static byte[] der(byte[] base64) {
    if (base64.length > 2 * MAX_DER_BYTES) {
      throw bad("it is longer than " + MAX_DER_BYTES + " bytes");
    }
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw bad("it is not base64");
    }
  }

  private static SendenseException bad(String why) {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        "the certificate request is not acceptable: " + why,
        "Send a PKCS#10 request on P-256 in base64, signed with its own key.");
  }
}
