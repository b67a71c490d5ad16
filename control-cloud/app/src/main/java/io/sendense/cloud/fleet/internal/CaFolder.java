package io.sendense.cloud.fleet.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps the authority in the state folder: {@code link-ca.key.pem} (key and certificate, owner
 * only) and {@code link-ca.pem} (the certificate, to be given to appliances). Replicas share the
 * folder or are given the same files.
 */
final class CaFolder {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z ]{1,40})-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  private CaFolder() {}

  /** Loads the authority, or makes one at the first start; two processes make one, not two. */
  static CertificateAuthority open(Path folder, SecureRandom random, InstantSource clock) {
    Path secret = folder.resolve("link-ca.key.pem");
    try {
      Files.createDirectories(folder);
      try (FileChannel lock =
              FileChannel.open(
                  folder.resolve("link-ca.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          java.nio.channels.FileLock held = lock.lock()) {
        if (!held.isValid()) {
          throw new IOException("the lock was lost");
        }
        if (!Files.exists(secret)) {
          CertificateAuthority fresh = CertificateAuthority.create(random, clock);
          String certificate = pem("CERTIFICATE", fresh.root().getEncoded());
          write(folder.resolve("link-ca.pem"), certificate, "rw-r--r--");
          write(secret, pem("PRIVATE KEY", fresh.key().getEncoded()) + certificate, "rw-------");
        }
        String text = Files.readString(secret);
        return new CertificateAuthority(key(text), certificate(text), random, clock);
      }
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new SendenseException(
          ErrorCode.INTERNAL,
          "the authority of the appliance link in " + secret + " cannot be used: " + e.getMessage(),
          "Restore the file from a backup; without it every appliance must enrol again.",
          e);
    }
  }

  static String pem(String kind, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
  }

  private static PrivateKey key(String text) throws GeneralSecurityException {
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(block("PRIVATE KEY", text)));
  }

  private static X509Certificate certificate(String text) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(block("CERTIFICATE", text)));
  }

  private static byte[] block(String kind, String text) throws GeneralSecurityException {
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      if (kind.equals(matcher.group(1))) {
        return Base64.getMimeDecoder().decode(matcher.group(2));
      }
    }
    throw new GeneralSecurityException("it has no " + kind + " block");
  }

  private static void write(Path file, String text, String rights) throws IOException {
    FileAttribute<?> attribute =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights));
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (FileChannel out =
        FileChannel.open(
            fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attribute)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
