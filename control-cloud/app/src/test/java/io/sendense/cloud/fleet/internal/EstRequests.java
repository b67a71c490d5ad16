package io.sendense.cloud.fleet.internal;

import io.sendense.protocol.LinkPaths;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Enrolment requests that no honest client would send, over real TLS. */
final class EstRequests {
  private EstRequests() {}

  static KeyPair keys(String algorithm, String curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (!curve.isEmpty()) {
      generator.initialize(new ECGenParameterSpec(curve));
    }
    return generator.generateKeyPair();
  }

  /** A request for one key that another may have signed. */
  static byte[] request(KeyPair subject, KeyPair signer, String name)
      throws IOException, OperatorCreationException {
    String algorithm =
        signer.getPrivate().getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    return new JcaPKCS10CertificationRequestBuilder(
            new X500Principal("CN=" + name), subject.getPublic())
        .build(new JcaContentSignerBuilder(algorithm).build(signer.getPrivate()))
        .getEncoded();
  }

  static HttpResponse<String> enrol(LinkFixture cloud, String token, byte[] der) throws Exception {
    return enrol(cloud, token, Base64.getMimeEncoder().encodeToString(der));
  }

  static HttpResponse<String> enrol(LinkFixture cloud, String token, String body) throws Exception {
    String login =
        Base64.getEncoder().encodeToString((":" + token).getBytes(StandardCharsets.UTF_8));
    try (HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(trusting(cloud.caFile()))
            .build()) {
      return http.send(
          HttpRequest.newBuilder(cloud.url().resolve(LinkPaths.ENROL))
              .header("Authorization", "Basic " + login)
              .header("Content-Type", LinkPaths.PKCS10)
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private static SSLContext trusting(Path pem) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream in = Files.newInputStream(pem)) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
