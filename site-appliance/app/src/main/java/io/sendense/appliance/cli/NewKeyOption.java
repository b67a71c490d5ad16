package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.format.RepositorySecret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a further secret of a repository comes from. */
final class NewKeyOption {
  private static final String VARIABLE = "SENDENSE_NEW_PASSPHRASE";

  /** No recovery code is ever given as new: `key sheet` makes one. */
  private static final String NO_VARIABLE = "";

  @Option(
      names = "--new-key-file",
      paramLabel = "FILE",
      description =
          "The new secret: a key file. Without it and --new-pkcs11 it is the passphrase in "
              + VARIABLE
              + ".")
  @Nullable Path file;

  @Option(
      names = "--new-pkcs11",
      paramLabel = "URI",
      description = "The new secret: a key in a token, as --pkcs11 names one.")
  @Nullable String token;

  /**
   * @throws SendenseException UNAUTHENTICATED where none was given
   */
  RepositorySecret secret(Surroundings surroundings) {
    return KeyOption.secret(surroundings, file, token, VARIABLE, NO_VARIABLE)
        .orElseThrow(
            () ->
                new SendenseException(
                    ErrorCode.UNAUTHENTICATED,
                    "the new secret was not given",
                    "Set " + VARIABLE + ", or use --new-key-file FILE or --new-pkcs11 URI."));
  }
}
