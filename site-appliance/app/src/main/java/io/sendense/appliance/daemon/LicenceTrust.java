package io.sendense.appliance.daemon;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.licensing.grant.TrustSet;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The public keys whose licences are believed: a JWK set that comes with the appliance or with its
 * enrolment, and is replaced only by what one of those keys has signed (ADR 24).
 */
final class LicenceTrust {
  private static final String FILE = "licence-trust.jwks";

  private LicenceTrust() {}

  /** Without a file nothing is believed, which leaves the community edition. */
  static TrustSet read(Path folder) {
    Path file = folder.resolve(FILE);
    return Files.exists(file) ? parse(file) : TrustSet.of(List.of());
  }

  /** Checks the file and keeps a copy in the state folder. */
  static void install(Path given, Path folder) {
    if (parse(given).keyIds().isEmpty()) {
      throw bad(given, "it holds no key", null);
    }
    try {
      Files.copy(given, folder.resolve(FILE), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw bad(given, "it cannot be copied", e);
    }
  }

  /** Keeps a set that was verified against the one before it; durable when it returns. */
  static void replace(TrustSet verified, Path folder) {
    Path part = folder.resolve(FILE + ".part");
    try {
      Files.writeString(part, verified.toJwkSet());
      try (FileChannel written = FileChannel.open(part, StandardOpenOption.WRITE)) {
        written.force(true);
      }
      Files.move(part, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw bad(part, "it cannot be written", e);
    }
  }

  private static TrustSet parse(Path file) {
    try {
      return TrustSet.parse(Files.readString(file));
    } catch (IOException e) {
      throw bad(file, "it cannot be read", e);
    } catch (IllegalArgumentException e) {
      throw bad(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static SendenseException bad(
      Path file, String why, @org.jspecify.annotations.Nullable Throwable cause) {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        "the licence keys in " + file + " cannot be used: " + why,
        "Give the JWK set that your provider publishes.",
        cause);
  }
}
