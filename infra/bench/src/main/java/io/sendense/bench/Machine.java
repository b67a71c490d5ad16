package io.sendense.bench;

import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the figures were taken on. */
final class Machine {
  private Machine() {}

  static String line() throws IOException {
    String processor =
        Files.readString(Path.of("/proc/cpuinfo"))
            .lines()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse("an unknown processor");
    long memory =
        Files.readString(Path.of("/proc/meminfo"))
            .lines()
            .filter(line -> line.startsWith("MemTotal"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElse(0);
    return Runtime.getRuntime().availableProcessors()
        + " cores of "
        + processor
        + ", "
        + (memory >> 20)
        + " GiB, Linux "
        + System.getProperty("os.version")
        + ", JDK "
        + Runtime.version();
  }

  static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
  }

  static String commit(Processes processes) {
    String root = System.getenv().getOrDefault("SENDENSE_BENCH_ROOT", ".");
    try {
      return processes
          .run(List.of("git", "-C", root, "describe", "--always", "--dirty", "--abbrev=9"))
          .strip();
    } catch (SendenseException e) {
      return "unknown";
    }
  }
}
