package io.sendense.demo.guest;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program of the host to its end. */
final class Tool {
  private Tool() {}

  /**
   * What it printed.
   *
   * @param remedy for the reader where it is missing or fails
   * @throws SendenseException MISSING_TOOL, DEADLINE_EXCEEDED, or INTERNAL with its own words
   */
  static String run(Path folder, Duration deadline, String remedy, List<String> command) {
    String name = command.getFirst();
    try {
      Path output = Files.createTempFile(folder, "run-", ".out");
      try {
        Process process =
            new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
          if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new SendenseException(
                ErrorCode.DEADLINE_EXCEEDED, name + " did not end within " + deadline, remedy);
          }
        } finally {
          process.destroyForcibly();
        }
        String text = Files.readString(output, StandardCharsets.UTF_8);
        if (process.exitValue() != 0) {
          throw new SendenseException(
              ErrorCode.INTERNAL,
              String.join(" ", command) + " failed (" + process.exitValue() + "): " + text.strip(),
              remedy);
        }
        return text;
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.MISSING_TOOL, name + " could not be run: " + e.getMessage(), remedy, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendenseException(ErrorCode.CANCELLED, "interrupted while running " + name, "", e);
    }
  }
}
