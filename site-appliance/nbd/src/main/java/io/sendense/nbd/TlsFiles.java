package io.sendense.nbd;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.interfaces.EdECKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Certificates and keys from a folder with the file names that QEMU, libvirt and nbdkit use: {@code
 * ca-cert.pem}, {@code client-cert.pem} with {@code client-key.pem}, {@code server-cert.pem} with
 * {@code server-key.pem}.
 */
final class TlsFiles {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----(.*?)-----END", Pattern.DOTALL);
  private static final long MAX_FILE_BYTES = 1 << 20;
  // DER of SEQUENCE { version 0, AlgorithmIdentifier rsaEncryption }, which PKCS#8 puts around a
  // PKCS#1 key.
  private static final byte[] RSA_ALGORITHM = {
    2, 1, 0, 48, 13, 6, 9, 42, (byte) 134, 72, (byte) 134, (byte) 247, 13, 1, 1, 1, 5, 0
  };

  private TlsFiles() {}

  /**
   * What a side proves itself with and whom it trusts.
   *
   * @param keys absent for a client without a certificate
   * @param trust absent for what the system trusts
   * @param edwards its own key is an EdDSA key, which not every TLS library takes
   */
  record Material(
      Optional<KeyManagerFactory> keys, Optional<TrustManagerFactory> trust, boolean edwards) {}

  /** For a client; without a folder the system's trust store and no certificate of our own. */
  static Material client(Optional<Path> folder) {
    return folder.isEmpty()
        ? new Material(Optional.empty(), Optional.empty(), false)
        : material(folder.get(), "client");
  }

  /** For a server, which must have a certificate of its own. */
  static Material server(Path folder) {
    Material material = material(folder, "server");
    if (material.keys().isEmpty()) {
      throw unusable(folder.resolve("server-cert.pem"), "is missing", null);
    }
    return material;
  }

  private static Material material(Path folder, String side) {
    Path certificateFile = folder.resolve(side + "-cert.pem");
    Optional<PrivateKey> key = Optional.empty();
    Optional<KeyManagerFactory> keys = Optional.empty();
    if (Files.exists(certificateFile)) {
      key = Optional.of(privateKey(folder.resolve(side + "-key.pem"), certificateFile));
      keys = Optional.of(keys(certificateFile, key.get()));
    }
    boolean edwards = key.filter(one -> one instanceof EdECKey).isPresent();
    return new Material(keys, Optional.of(trust(folder.resolve("ca-cert.pem"))), edwards);
  }

  private static TrustManagerFactory trust(Path file) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      int index = 0;
      for (Certificate certificate : certificates(file)) {
        store.setCertificateEntry("ca" + index++, certificate);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory;
    } catch (IOException | GeneralSecurityException e) {
      throw unusable(file, "cannot be used as trusted certificates", e);
    }
  }

  private static KeyManagerFactory keys(Path certificateFile, PrivateKey key) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "key", key, new char[0], certificates(certificateFile).toArray(new Certificate[0]));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, new char[0]);
      return factory;
    } catch (IOException | GeneralSecurityException e) {
      throw unusable(certificateFile, "and its key cannot be used", e);
    }
  }

  private static PrivateKey privateKey(Path keyFile, Path certificateFile) {
    try {
      return key(keyFile);
    } catch (IOException e) {
      throw unusable(certificateFile, "and its key cannot be used", e);
    }
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    Collection<? extends Certificate> found =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(bytes(file)));
    if (found.isEmpty()) {
      throw unusable(file, "holds no certificate", null);
    }
    return found;
  }

  private static PrivateKey key(Path file) throws IOException {
    Matcher pem = KEY.matcher(new String(bytes(file), StandardCharsets.US_ASCII));
    if (!pem.find()) {
      throw unusable(file, "holds no private key", null);
    }
    byte[] der = Base64.getMimeDecoder().decode(pem.group(2));
    byte[] pkcs8 =
        switch (pem.group(1)) {
          case "PRIVATE KEY" -> der;
          case "RSA PRIVATE KEY" -> wrapRsa(der);
          default ->
              throw unusable(
                  file, "holds a key in a form other than PKCS#8 or PKCS#1 without password", null);
        };
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (InvalidKeySpecException another) {
        // The encoding names its algorithm; the right factory takes it.
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this Java runtime has no " + algorithm + " keys", e);
      }
    }
    throw unusable(file, "holds a key that is not RSA, EC or EdDSA", null);
  }

  private static byte[] wrapRsa(byte[] pkcs1) {
    ByteBuffer out = ByteBuffer.allocate(pkcs1.length + 64);
    byte[] octets =
        ByteBuffer.allocate(pkcs1.length + 4)
            .put((byte) 4)
            .put((byte) 0x82)
            .putShort((short) pkcs1.length)
            .put(pkcs1)
            .array();
    out.put((byte) 48).put((byte) 0x82).putShort((short) (RSA_ALGORITHM.length + octets.length));
    out.put(RSA_ALGORITHM).put(octets);
    byte[] der = new byte[out.position()];
    out.flip().get(der);
    return der;
  }

  private static byte[] bytes(Path file) throws IOException {
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw unusable(file, "is larger than 1 MiB", null);
    }
    return Files.readAllBytes(file);
  }

  private static SendenseException unusable(Path file, String what, @Nullable Exception cause) {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        "The TLS file " + file + " " + what + ".",
        "Give PEM files named as for QEMU; convert a key with: openssl pkcs8 -topk8 -nocrypt.",
        cause);
  }
}
