package io.sendense.appliance.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Adds a secret. */
@Command(
    name = "add",
    mixinStandardHelpOptions = true,
    description = "Lets a further secret open a repository. Nothing stored is touched.")
final class KeyAddCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(index = "0", paramLabel = "R", description = "Its directory or URL.")
  String repository = "";

  @Mixin NewKeyOption fresh = new NewKeyOption();

  KeyAddCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (OpenRepository open = OpenRepository.open(surroundings, common, repository)) {
      String id = KeyId.text(open.repository().keys().add(fresh.secret(surroundings)));
      show(id, "added key " + id);
      return 0;
    }
  }

  private void show(String id, String text) {
    surroundings.out().println(common.json ? Json.text(Map.of("id", id)) : text);
  }
}
