package io.sendense.appliance.cli;

import io.sendense.connectors.spi.InstantTarget;
import io.sendense.domain.SendenseException;
import io.sendense.engine.instant.InstantRecord;
import io.sendense.engine.instant.InstantStore;
import io.sendense.engine.state.StateStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the machines that run from points. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists the machines that run from a point, how they are, and what serves them.")
final class InstantListCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  InstantListCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (StateStore state = common.openState(surroundings);
        InstantStore store = InstantParts.store(surroundings, common)) {
      List<Object> documents = new ArrayList<>();
      for (InstantRecord record : store.all()) {
        String runs = runs(state, record);
        Optional<InstantServerClient.Status> server =
            new InstantServerClient(surroundings, common, record.repository(), record.location())
                .status()
                .filter(status -> status.serves(record.id()));
        documents.add(document(record, runs, server));
        if (!common.json) {
          print(record, runs, server);
        }
      }
      if (common.json) {
        surroundings.out().println(Json.text(Map.of("recoveries", documents)));
      }
      return 0;
    }
  }

  private static Map<String, Object> document(
      InstantRecord record, String runs, Optional<InstantServerClient.Status> server) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("recovery", record.id());
    document.put("machine", record.name());
    document.put("state", record.state().name().toLowerCase(Locale.ROOT));
    document.put("runs", runs);
    document.put("point", record.point());
    document.put("repository", record.repository());
    document.put("platform", record.platform());
    document.put("folder", record.folder().toString());
    document.put("createdAt", record.createdAt().toString());
    document.put("served", server.isPresent());
    server.ifPresent(
        s -> {
          document.put("serverPid", s.pid());
          document.put("serverResidentBytes", s.residentBytes());
          document.put("serverPeakBytes", s.peakBytes());
        });
    return document;
  }

  /** How its platform sees it, in a word. */
  private String runs(StateStore state, InstantRecord record) {
    try {
      Optional<InstantTarget.Look> look =
          InstantParts.target(surroundings, state, record).look(record.id());
      return look.map(l -> l.held() ? "held" : l.power().name().toLowerCase(Locale.ROOT))
          .orElse("gone");
    } catch (SendenseException e) {
      return "unknown";
    }
  }

  private void print(
      InstantRecord record, String runs, Optional<InstantServerClient.Status> server) {
    String served =
        server
            .map(
                s ->
                    "served by process "
                        + s.pid()
                        + " ("
                        + Units.bytes(s.residentBytes())
                        + " resident)")
            .orElse(record.state().needsPoint() ? "not served; see: instant resume" : "");
    surroundings
        .out()
        .println(
            String.format(
                Locale.ROOT,
                "%s  %-10s %-8s %-20s %s",
                record.id(),
                record.state().name().toLowerCase(Locale.ROOT),
                runs,
                record.name(),
                served));
  }
}
