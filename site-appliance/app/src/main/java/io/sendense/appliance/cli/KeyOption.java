package io.sendense.appliance.cli;

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
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the key of a repository comes from: never the command line, which others can see. */
final class KeyOption {
  static final String VARIABLE = "SENDENSE_PASSPHRASE";
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

  /**
   * @throws SendenseException UNAUTHENTICATED where no key was given, FORBIDDEN for a file that
   *     others may read or write, NOT_FOUND, BAD_ARGUMENT
   */
  RepositorySecret secret(Map<String, String> environment) {
    Path keyFile = file;
    if (keyFile != null) {
      checkRights(keyFile);
      return RepositorySecret.keyFile(keyFile);
    }
    String value = environment.getOrDefault(VARIABLE, "");
    if (value.isEmpty()) {
      throw new SendenseException(
          ErrorCode.UNAUTHENTICATED,
          "the key of the repository was not given",
          "Set " + VARIABLE + " or use --key-file FILE.");
    }
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
