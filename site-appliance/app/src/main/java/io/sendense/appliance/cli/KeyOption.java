package io.sendense.appliance.cli;

import io.sendense.appliance.keys.Pkcs11Token;
import io.sendense.appliance.keys.Pkcs11Uri;
import io.sendense.appliance.keys.RecoveryCode;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.format.RepositorySecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the key of a repository comes from: never the command line, which others can see. */
final class KeyOption {
  static final String VARIABLE = "SENDENSE_PASSPHRASE";
  static final String RECOVERY_VARIABLE = "SENDENSE_RECOVERY_CODE";
  private static final Set<PosixFilePermission> OF_OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description =
          "File of 32 to 4,096 random bytes that is the key; only its owner may have rights on it."
              + " Without it the key is the passphrase in "
              + VARIABLE
              + ".")
  @Nullable Path file;

  @Option(
      names = "--pkcs11",
      paramLabel = "URI",
      description =
          "A key in a token: pkcs11:object=KEY;slot-id=N?module-path=LIBRARY&pin-source=file:FILE."
              + " Without pin-source the PIN is in "
              + Pkcs11Token.PIN_VARIABLE
              + ".")
  @Nullable String token;

  /**
   * @throws SendenseException UNAUTHENTICATED where no key was given, FORBIDDEN for a file that
   *     others may read or write, NOT_FOUND, BAD_ARGUMENT
   */
  RepositorySecret secret(Surroundings surroundings) {
    return secret(surroundings, file, token, VARIABLE, RECOVERY_VARIABLE)
        .orElseThrow(
            () ->
                new SendenseException(
                    ErrorCode.UNAUTHENTICATED,
                    "the key of the repository was not given",
                    "Set " + VARIABLE + ", or use --key-file FILE or --pkcs11 URI."));
  }

  /**
   * The first that is given of: a key file, a token, a recovery code, a passphrase.
   *
   * @throws SendenseException BAD_ARGUMENT where both a file and a token are given
   */
  static Optional<RepositorySecret> secret(
      Surroundings surroundings,
      @Nullable Path keyFile,
      @Nullable String token,
      String passphraseVariable,
      String recoveryVariable) {
    if (keyFile != null && token != null) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "a key file and a token were both given",
          "Give the one that is meant.");
    }
    if (keyFile != null) {
      checkRights(keyFile);
      return Optional.of(RepositorySecret.keyFile(keyFile));
    }
    Map<String, String> environment = surroundings.environment();
    if (token != null) {
      return Optional.of(
          RepositorySecret.token(
              Pkcs11Token.open(Pkcs11Uri.parse(token), environment, surroundings.random())));
    }
    String code = environment.getOrDefault(recoveryVariable, "");
    if (!code.isEmpty()) {
      return Optional.of(RepositorySecret.key(RecoveryCode.parse(code)));
    }
    String value = environment.getOrDefault(passphraseVariable, "");
    return value.isEmpty() ? Optional.empty() : Optional.of(passphrase(value));
  }

  private static RepositorySecret passphrase(String value) {
    char[] passphrase = value.toCharArray();
    try {
      return RepositorySecret.passphrase(passphrase);
    } finally {
      Arrays.fill(passphrase, '\0');
    }
  }

  private static void checkRights(Path file) {
    try {
      if (Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
        throw new SendenseException(
            ErrorCode.FORBIDDEN,
            "key file " + file + " can be read or written by others than its owner",
            "Run chmod 600 " + file + " and consider the key known to others.");
      }
    } catch (IOException | UnsupportedOperationException e) {
      throw new SendenseException(
          ErrorCode.NOT_FOUND, "key file " + file + " cannot be read", "Check the path.", e);
    }
  }
}
