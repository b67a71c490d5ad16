package io.sendense.appliance.cli;

import io.sendense.engine.state.StateStore;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of every command that works on a repository. */
final class CommonOptions {
  @Option(names = "--json", description = "Print one JSON document on standard output.")
  boolean json;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "Where jobs and owner records are kept. Default: $XDG_STATE_HOME/sendense, or"
              + " ~/.local/state/sendense.")
  @Nullable Path state;

  @Mixin KeyOption key = new KeyOption();

  StateStore openState(Surroundings surroundings) {
    return StateStore.open(stateFolder(surroundings.environment()), surroundings.clock());
  }

  Path stateFolder(Map<String, String> environment) {
    Path given = state;
    if (given != null) {
      return given;
    }
    String base = environment.getOrDefault("XDG_STATE_HOME", "");
    return base.isEmpty()
        ? Path.of(environment.getOrDefault("HOME", "."), ".local", "state", "sendense")
        : Path.of(base, "sendense");
  }
}
