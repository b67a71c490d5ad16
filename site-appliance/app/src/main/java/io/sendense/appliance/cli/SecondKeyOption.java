package io.sendense.appliance.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the key of a command's second repository comes from; without it, the first one's. */
final class SecondKeyOption {
  static final String VARIABLE = "SENDENSE_SECOND_PASSPHRASE";

  @Option(
      names = "--second-key-file",
      paramLabel = "FILE",
      description =
          "Key file of the second repository. Without it the passphrase in "
              + VARIABLE
              + ", and without that the key of the first.")
  @Nullable Path file;

  @Option(
      names = "--second-pkcs11",
      paramLabel = "URI",
      description = "A key in a token, as --pkcs11 names it, for the second repository.")
  @Nullable String token;

  /** Opens the second repository. */
  OpenRepository open(Surroundings surroundings, CommonOptions first, String repository) {
    Map<String, String> environment = new HashMap<>(surroundings.environment());
    String passphrase = environment.getOrDefault(VARIABLE, "");
    if (file == null && token == null && passphrase.isEmpty()) {
      return OpenRepository.open(surroundings, first, repository);
    }
    CommonOptions options = new CommonOptions();
    options.key.file = file;
    options.key.token = token;
    environment.put(KeyOption.VARIABLE, passphrase);
    environment.remove(KeyOption.RECOVERY_VARIABLE);
    return OpenRepository.open(
        new Surroundings(
            surroundings.out(),
            surroundings.err(),
            environment,
            surroundings.clock(),
            surroundings.random(),
            surroundings.terminal()),
        options,
        repository);
  }
}
