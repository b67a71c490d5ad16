package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The control plane's main program in a process of its own, as an operator runs it. */
final class ControlPlaneProcess implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> seen = new ArrayList<>();
  private final Thread reader;

  /**
   * @param settings properties, given as environment variables, because some are secrets
   */
  ControlPlaneProcess(Map<String, String> settings) {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-Djdk.virtualThreadScheduler.parallelism=8",
            "-cp",
            System.getProperty("java.class.path"),
            ControlPlane.class.getName());
    settings.forEach((name, value) -> builder.environment().put(variable(name), value));
    try {
      process = builder.redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reader = Thread.ofPlatform().daemon().start(this::read);
  }

  private static String variable(String property) {
    return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
  }

  private void read() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      output.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      lines.add(e.toString());
    }
  }

  /** Reads the output on until a line fits, and gives its first group. */
  String await(Pattern wanted) throws InterruptedException {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (line == null || (!reader.isAlive() && lines.isEmpty())) {
        throw new AssertionError(wanted + " did not come; " + String.join("\n", seen));
      }
      seen.add(line);
      Matcher found = wanted.matcher(line);
      if (found.find()) {
        return found.groupCount() > 0 ? found.group(1) : found.group();
      }
    }
  }

  /** Asks it to end, as a service manager does; its output can be read on. */
  void terminate() {
    assertThat(process.toHandle().destroy()).isTrue();
  }

  /** Waits for its end and gives its exit code. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it goes on; " + output());
    }
    reader.join(DEADLINE);
    return process.exitValue();
  }

  /** Everything that it printed so far. */
  String output() {
    lines.drainTo(seen);
    return String.join("\n", seen);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
