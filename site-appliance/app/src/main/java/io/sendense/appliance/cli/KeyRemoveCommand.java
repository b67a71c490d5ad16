package io.sendense.appliance.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Removes a secret. */
@Command(
    name = "remove",
    mixinStandardHelpOptions = true,
    description = {
      "Removes a secret. It can still read what was sealed so far where somebody kept a copy of its",
      "key object; rotate the key to end that for what comes."
    })
final class KeyRemoveCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(index = "0", paramLabel = "R", description = "Its directory or URL.")
  String repository = "";

  @Parameters(index = "1", paramLabel = "KEY", description = "Its id, as `key list` shows it.")
  String key = "";

  KeyRemoveCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (OpenRepository open = OpenRepository.open(surroundings, common, repository)) {
      open.repository().keys().remove(KeyId.parse(key));
      show(key, "removed key " + key);
      return 0;
    }
  }

  private void show(String id, String text) {
    surroundings.out().println(common.json ? Json.text(Map.of("id", id)) : text);
  }
}
