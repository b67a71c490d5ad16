package io.sendense.bench;

import io.sendense.domain.SendenseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The programs on this machine, ours and the peers'.
 *
 * @param appliance command line of the appliance
 * @param java command line that runs a main class of the bench itself
 */
record Tools(List<String> appliance, List<String> java) {
  private static final Map<String, List<String>> VERSIONS =
      Map.of(
          "restic", List.of("restic", "version"),
          "borg", List.of("borg", "--version"),
          "kopia", List.of("kopia", "--version"),
          "qemu-img", List.of("qemu-img", "--version"),
          "nbdcopy", List.of("nbdcopy", "--version"),
          "nbdkit", List.of("nbdkit", "--version"));

  /** From the words that the launcher puts into the environment, one a line. */
  static Tools ofEnvironment() {
    return new Tools(words("SENDENSE_BENCH_APPLIANCE"), words("SENDENSE_BENCH_JAVA"));
  }

  List<String> appliance(String... arguments) {
    return with(appliance, arguments);
  }

  List<String> bench(String main, String... arguments) {
    List<String> command = with(java, "io.sendense.bench." + main);
    return with(command, arguments);
  }

  static Optional<String> missing(String... programs) {
    List<String> missing = new ArrayList<>();
    for (String program : programs) {
      if (find(program).isEmpty()) {
        missing.add(program + " is not installed");
      }
    }
    return missing.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", missing));
  }

  static Map<String, String> versions(Processes processes) {
    Map<String, String> found = new TreeMap<>();
    VERSIONS.forEach(
        (program, command) -> {
          try {
            found.put(
                program,
                find(program).isPresent()
                    ? processes.run(command).lines().findFirst().orElse("?").strip()
                    : "absent");
          } catch (SendenseException e) {
            found.put(program, "does not say its version");
          }
        });
    return found;
  }

  private static Optional<Path> find(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
      Path file = Path.of(folder, program);
      if (Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  private static List<String> words(String variable) {
    return System.getenv().getOrDefault(variable, "").lines().toList();
  }

  static List<String> with(List<String> command, String... more) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(more));
    return all;
  }
}
