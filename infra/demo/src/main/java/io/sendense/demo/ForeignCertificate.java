package io.sendense.demo;

import io.sendense.demo.Story.ProofFailed;
import io.sendense.testkit.ChildProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A client certificate that names one of our appliances but was signed by somebody else's CA, made
 * with openssl so that it owes nothing to our own code.
 */
final class ForeignCertificate {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private ForeignCertificate() {}

  /** A TLS context that trusts the real server and presents the foreign certificate. */
  static SSLContext context(Path folder, String caName, String applianceUri, Path trusted)
      throws IOException, GeneralSecurityException {
    Files.createDirectories(folder);
    Path extensions = folder.resolve("ext.cnf");
    Files.writeString(
        extensions, "subjectAltName=URI:" + applianceUri + "\nextendedKeyUsage=clientAuth\n");
    String passphrase = UUID.randomUUID().toString();
    Path passFile = folder.resolve("pass");
    Files.writeString(passFile, passphrase);
    openssl(folder, "ecparam -name prime256v1 -genkey -noout -out ca.key");
    openssl(folder, "req -x509 -new -key ca.key -days 2 -out ca.pem -subj", "/CN=" + caName);
    openssl(folder, "ecparam -name prime256v1 -genkey -noout -out client.key");
    openssl(folder, "req -new -key client.key -out client.csr -subj /CN=appliance");
    openssl(
        folder,
        "x509 -req -in client.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 1"
            + " -extfile ext.cnf -out client.pem");
    openssl(
        folder,
        "pkcs12 -export -in client.pem -inkey client.key -certfile ca.pem -out client.p12"
            + " -passout file:pass");
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve("client.p12"))) {
      keys.load(in, passphrase.toCharArray());
    }
    KeyManagerFactory keyManagers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(keys, passphrase.toCharArray());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trustStore(trusted));
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore trustStore(Path pem) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(pem)) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    return store;
  }

  private static void openssl(Path folder, String words, String... more) {
    java.util.List<String> command = new java.util.ArrayList<>();
    command.add("openssl");
    command.addAll(java.util.List.of(words.split(" ")));
    command.addAll(java.util.List.of(more));
    try (ChildProcess child =
        ChildProcess.start(command, java.util.Map.of(), java.util.Optional.of(folder))) {
      if (child.awaitExit(DEADLINE) != 0) {
        throw new ProofFailed("openssl " + words.split(" ")[0] + ": " + child.stderr());
      }
    }
  }
}
