package io.sendense.appliance.cli;

import io.sendense.repository.format.RepositoryKeys;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists the secrets that open a repository. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists the secrets that open a repository; never the secrets themselves.")
final class KeyListCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(index = "0", paramLabel = "R", description = "Its directory or URL.")
  String repository = "";

  KeyListCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (OpenRepository open = OpenRepository.open(surroundings, common, repository)) {
      show(open.repository().keys());
      return 0;
    }
  }

  private void show(RepositoryKeys keys) {
    if (common.json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("epoch", keys.epoch());
      document.put("keys", keys.list().stream().map(KeyListCommand::document).toList());
      surroundings.out().println(Json.text(document));
      return;
    }
    for (RepositoryKeys.Holder holder : keys.list()) {
      String until =
          holder.epoch() < keys.epoch() ? ", opens only what is older than the last rotation" : "";
      surroundings
          .out()
          .println(
              KeyId.text(holder.id())
                  + "  "
                  + form(holder)
                  + "  added "
                  + holder.storedAt()
                  + until
                  + (holder.used() ? ", used now" : ""));
    }
  }

  private static Map<String, Object> document(RepositoryKeys.Holder holder) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", KeyId.text(holder.id()));
    document.put("form", form(holder));
    document.put("epoch", holder.epoch());
    document.put("storedAt", holder.storedAt().toString());
    document.put("used", holder.used());
    return document;
  }

  private static String form(RepositoryKeys.Holder holder) {
    return holder.form().name().toLowerCase(Locale.ROOT);
  }
}
