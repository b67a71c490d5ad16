package io.sendense.engine;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program of the site's own, run before or after a backup. Named by the appliance's operator
 * only: the cloud cannot make an appliance run anything.
 *
 * @param command program and arguments; no shell reads them
 * @param limit after which it is killed with everything it started
 */
public record Script(List<String> command, Duration limit) {
  private static final int OUTPUT_BYTES_MAX = 4096;
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  public Script {
    command = List.copyOf(command);
    if (command.isEmpty() || command.getFirst().isBlank()) {
      throw new IllegalArgumentException("a script without a program");
    }
    if (limit.isNegative() || limit.isZero() || limit.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("a script's limit is up to a day, got " + limit);
    }
  }

  /**
   * Runs it to its end.
   *
   * @param facts added to its environment, such as SENDENSE_VM
   * @return the last 4 KiB of what it printed
   * @throws SendenseException SCRIPT_FAILED where it cannot be started, exits with another code
   *     than 0, or does not end in time
   */
  String run(Map<String, String> facts) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // Secrets of the appliance's own environment are not the script's business.
    builder.environment().keySet().removeIf(name -> name.startsWith("SENDENSE_"));
    builder.environment().putAll(facts);
    Path output = outputFile();
    try {
      builder.redirectOutput(output.toFile());
      builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      Process process = builder.start();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        kill(process);
        throw failed("did not end within " + limit, output, null);
      }
      if (process.exitValue() != 0) {
        throw failed("ended with exit code " + process.exitValue(), output, null);
      }
      return tail(output);
    } catch (IOException e) {
      throw failed("could not be started: " + e.getMessage(), output, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendenseException(
          ErrorCode.CANCELLED, "the job was interrupted in a script", "Run the job again.", e);
    } finally {
      delete(output);
    }
  }

  private static void kill(Process process) throws InterruptedException {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroy);
    long deadline = System.nanoTime() + LAST_WORDS.toNanos();
    for (ProcessHandle each : all) {
      try {
        each.onExit().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        each.destroyForcibly();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static Path outputFile() {
    try {
      return Files.createTempFile("sendense-script-", ".out");
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.INTERNAL, "no temporary file for a script's output", "Free some space.", e);
    }
  }

  private static String tail(Path output) throws IOException {
    try (InputStream in = Files.newInputStream(output)) {
      in.skipNBytes(Math.max(0, Files.size(output) - OUTPUT_BYTES_MAX));
      return new String(in.readNBytes(OUTPUT_BYTES_MAX), StandardCharsets.UTF_8).strip();
    }
  }

  private SendenseException failed(
      String what, Path output, @org.jspecify.annotations.Nullable Throwable why) {
    String said;
    try {
      said = tail(output);
    } catch (IOException e) {
      said = "";
    }
    return new SendenseException(
        ErrorCode.SCRIPT_FAILED,
        "script " + command.getFirst() + " " + what + (said.isEmpty() ? "" : "; it said: " + said),
        "Run it by hand on the appliance, as the appliance's user.",
        why);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // A small file in the temporary folder, which the system clears.
      return;
    }
  }
}
