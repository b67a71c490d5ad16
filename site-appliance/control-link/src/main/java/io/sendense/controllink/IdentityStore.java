package io.sendense.controllink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Identity and cloud address in the state folder. Key and certificate are one file that is replaced
 * as a whole, so that they always belong together; files with a key are readable by their owner
 * only.
 *
 * <p>One process at a time; the caller holds the state folder's lock.
 */
public final class IdentityStore {
  private static final String IDENTITY = "identity.pem";
  private static final String PENDING_KEY = "identity.pending.pem";
  private static final String CLOUD_CA = "cloud-ca.pem";
  private static final String CLOUD_URL = "cloud.url";

  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final Path folder;

  public IdentityStore(Path folder) {
    this.folder = folder;
  }

  /** The identity, unless this appliance was never enrolled. */
  public Optional<Identity> identity() {
    Path file = folder.resolve(IDENTITY);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      String text = Files.readString(file);
      List<X509Certificate> chain = Pem.certificates(text);
      if (chain.isEmpty()) {
        throw new GeneralSecurityException("it holds no certificate");
      }
      return Optional.of(new Identity(Pem.key(text), chain.getFirst()));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw unreadable(file, e);
    }
  }

  /** The CA certificates that the cloud is known by. */
  public List<X509Certificate> cloudCa() {
    return readCa(folder.resolve(CLOUD_CA));
  }

  public URI cloudUrl() {
    Path file = folder.resolve(CLOUD_URL);
    try {
      return URI.create(Files.readString(file).strip());
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Reads a CA file as an operator gives it.
   *
   * @throws SendenseException {@code BAD_ARGUMENT} if it holds no certificate
   */
  public static List<X509Certificate> readCa(Path file) {
    try {
      List<X509Certificate> found = Pem.certificates(Files.readString(file));
      if (found.isEmpty()) {
        throw new GeneralSecurityException("it holds no certificate");
      }
      return found;
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw unreadable(file, e);
    }
  }

  /** The key of an enrolment that has not ended; the same one until it has. */
  PrivateKey pendingKey(java.util.function.Supplier<PrivateKey> generate) {
    Path file = folder.resolve(PENDING_KEY);
    try {
      if (Files.exists(file)) {
        return Pem.key(Files.readString(file));
      }
      PrivateKey key = generate.get();
      write(file, Pem.of(key));
      return key;
    } catch (IOException | GeneralSecurityException e) {
      throw unreadable(file, e);
    }
  }

  /** Durable when it returns. */
  void save(Identity identity) {
    Path file = folder.resolve(IDENTITY);
    try {
      write(file, Pem.of(identity.key()) + Pem.of(identity.certificate()));
    } catch (IOException | CertificateEncodingException e) {
      throw unreadable(file, e);
    }
  }

  /** Stores where the cloud is and by which CA it is known; durable when it returns. */
  void saveCloud(URI url, List<X509Certificate> ca) {
    try {
      StringBuilder pem = new StringBuilder();
      for (X509Certificate certificate : ca) {
        pem.append(Pem.of(certificate));
      }
      write(folder.resolve(CLOUD_CA), pem.toString());
      write(folder.resolve(CLOUD_URL), url + "\n");
    } catch (IOException | CertificateEncodingException e) {
      throw unreadable(folder, e);
    }
  }

  void forgetPending() {
    try {
      Files.deleteIfExists(folder.resolve(PENDING_KEY));
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  private static void write(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (FileChannel out =
        FileChannel.open(
            fresh,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent())) {
      directory.force(true);
    }
  }

  private static SendenseException unreadable(Path file, Exception cause) {
    String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        file + " cannot be used: " + why,
        "Check that the file is there, readable and not damaged; an appliance without its identity"
            + " must be enrolled again.",
        cause);
  }
}
