package io.sendense.appliance.daemon;

import io.sendense.controllink.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/** A state folder as enrolment leaves it, for a cloud that does not answer. */
public final class EnrolledFolder {
  private EnrolledFolder() {}

  public static void make(Path folder) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Identity identity = FakeCloud.identity(Instant.now(), Duration.ofDays(1));
    try {
      String certificate = pem("CERTIFICATE", identity.certificate().getEncoded());
      Path file = folder.resolve("identity.pem");
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, pem("PRIVATE KEY", identity.key().getEncoded()) + certificate);
      Files.writeString(folder.resolve("cloud-ca.pem"), certificate);
      Files.writeString(folder.resolve("cloud.url"), "https://127.0.0.1:1\n");
    } catch (CertificateEncodingException e) {
      throw new IOException(e);
    }
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + what
        + "-----\n";
  }
}
