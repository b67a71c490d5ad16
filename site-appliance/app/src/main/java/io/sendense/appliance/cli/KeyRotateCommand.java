package io.sendense.appliance.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Rotates the repository's key. */
@Command(
    name = "rotate",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a new key for everything sealed from now on and removes every secret but the new one.",
      "Nothing stored is rewritten; old points open with the new secret. Print a new recovery sheet",
      "afterwards."
    })
final class KeyRotateCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(index = "0", paramLabel = "R", description = "Its directory or URL.")
  String repository = "";

  @Mixin NewKeyOption fresh = new NewKeyOption();

  KeyRotateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (OpenRepository open = OpenRepository.open(surroundings, common, repository)) {
      int epoch = open.repository().keys().rotate(fresh.secret(surroundings));
      surroundings
          .out()
          .println(
              common.json
                  ? Json.text(Map.of("epoch", epoch))
                  : "rotated: the repository's key is now at epoch "
                      + epoch
                      + "; only the new secret opens it. Print a new recovery sheet.");
      return 0;
    }
  }
}
