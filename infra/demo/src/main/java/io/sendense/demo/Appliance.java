package io.sendense.demo;

import io.sendense.demo.Story.ProofFailed;
import io.sendense.testkit.ChildProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The appliance as a user has it: its command line, as a process of its own. */
final class Appliance {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JavaProgram program;
  private final Map<String, String> environment;

  Appliance(Path root, Map<String, String> environment) {
    this.program = new JavaProgram(root, "site-appliance/app", "io.sendense.appliance.Main");
    this.environment = Map.copyOf(environment);
  }

  /** Runs a command to its end, whatever its exit code. */
  ChildProcess.Result run(Duration deadline, String... arguments) {
    return run(deadline, List.of(), arguments);
  }

  /** Runs a command below another program, such as one that shows it a different time of day. */
  ChildProcess.Result run(Duration deadline, List<String> below, String... arguments) {
    List<String> command = new ArrayList<>(below);
    command.addAll(program.command(arguments));
    try (ChildProcess child = ChildProcess.start(command, environment, Optional.empty())) {
      int exit = child.awaitExit(deadline);
      return new ChildProcess.Result(exit, child.stdout(), child.stderr());
    }
  }

  /** Runs a command that must succeed, with {@code --json}, and gives its document. */
  JsonNode json(Duration deadline, String... arguments) {
    return json(deadline, List.of(), arguments);
  }

  /** The same below another program. */
  JsonNode json(Duration deadline, List<String> below, String... arguments) {
    List<String> words = new ArrayList<>(List.of(arguments));
    words.add("--json");
    ChildProcess.Result result = run(deadline, below, words.toArray(String[]::new));
    if (result.exitCode() != 0) {
      throw new ProofFailed(
          arguments[0] + " ended with " + result.exitCode() + ": " + lastLines(result.stderr()));
    }
    return JSON.readTree(result.stdout());
  }

  /** Starts the daemon or another command that goes on until it is ended. */
  ChildProcess start(Map<String, String> more, String... arguments) {
    return start(List.of(), more, arguments);
  }

  /** The same below another program. */
  ChildProcess start(List<String> below, Map<String, String> more, String... arguments) {
    Map<String, String> all = new java.util.HashMap<>(environment);
    all.putAll(more);
    List<String> command = new ArrayList<>(below);
    command.addAll(program.command(arguments));
    return ChildProcess.start(command, all, Optional.empty());
  }

  /** The first line that carries an error's code, cut to fit a row. */
  static String complaint(String stderr) {
    return brief(stderr.lines().filter(line -> line.contains("SD-")).findFirst().orElse(stderr));
  }

  /** The first line, cut to fit a row. */
  static String brief(String text) {
    String first = text.strip().lines().findFirst().orElse("");
    return first.length() > 110 ? first.substring(0, 107) + "..." : first;
  }

  static String lastLines(String text) {
    List<String> lines = text.strip().lines().toList();
    return String.join(" / ", lines.subList(Math.max(0, lines.size() - 4), lines.size()));
  }
}
