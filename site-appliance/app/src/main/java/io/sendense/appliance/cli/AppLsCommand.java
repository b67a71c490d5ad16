package io.sendense.appliance.cli;

import io.sendense.recovery.apps.FoundData;
import io.sendense.recovery.apps.OpenData;
import io.sendense.recovery.machine.Console;
import io.sendense.recovery.work.WorkPlace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the applications' data in a point, and what is in it. */
@Command(
    name = "ls",
    mixinStandardHelpOptions = true,
    description = "Lists the databases' data that a point holds; with --items also what is in it.")
final class AppLsCommand implements Callable<Integer> {
  static final Duration WAIT = Duration.ofHours(1);

  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin AppOption option = new AppOption();

  @Option(
      names = "--items",
      description = "Start a throw-away server over each and list databases and tables.")
  boolean items;

  AppLsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    List<Object> documents = new ArrayList<>();
    try (OpenGuest open = OpenGuest.open(surroundings, common, option.guest)) {
      for (FoundData found : option.find(open)) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("app", found.application());
        document.put("version", found.version());
        document.put("volume", found.volume());
        document.put("data", found.path());
        if (!common.json) {
          surroundings
              .out()
              .println(
                  found.application()
                      + "  "
                      + found.version()
                      + "  "
                      + Console.plain(found.path())
                      + "  ("
                      + found.volume()
                      + ")");
        }
        if (items) {
          document.put("items", items(open, found));
        }
        documents.add(document);
      }
    }
    if (common.json) {
      surroundings.out().println(Json.text(Map.of("found", documents)));
    } else if (documents.isEmpty()) {
      surroundings.out().println("no data of a known application was found");
    }
    return 0;
  }

  private List<Object> items(OpenGuest open, FoundData found) {
    List<Object> documents = new ArrayList<>();
    try (WorkPlace place = option.places().take(WAIT);
        OpenData data = option.open(open, found, place)) {
      for (OpenData.Item item : data.items()) {
        documents.add(
            Map.of("path", item.path(), "kind", item.kind(), "sizeBytes", item.sizeBytes()));
        if (!common.json) {
          surroundings
              .out()
              .println(
                  "  ".repeat(item.path().size())
                      + Console.plain(item.path().getLast())
                      + "  "
                      + Units.bytes(item.sizeBytes()));
        }
      }
    }
    return documents;
  }
}
