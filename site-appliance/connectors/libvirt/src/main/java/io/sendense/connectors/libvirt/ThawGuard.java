package io.sendense.connectors.libvirt;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process of its own, {@link ThawGuardMain}, that thaws a guest when this one is killed or stands
 * still. It notices by the end of the pipe between them, and by its own clock.
 */
final class ThawGuard {
  /** A JVM and a connection to libvirt, on a host that may be busy. */
  private static final Duration START = Duration.ofSeconds(20);

  private static final Duration END = Duration.ofSeconds(5);

  private final Process process;

  private ThawGuard(Process process) {
    this.process = process;
  }

  /**
   * Returns when it is connected to libvirt and would thaw at once.
   *
   * @throws SendenseException SOURCE_UNREADABLE, DEADLINE_EXCEEDED; nothing is left running
   */
  static ThawGuard start(LibvirtSourceOptions options) {
    ProcessBuilder builder =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "-Xmx24m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            ThawGuardMain.class.getName(),
            options.uri().text(),
            options.uuid(),
            Long.toString(options.callDeadline().toMillis()));
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw failed(String.valueOf(e.getMessage()), e);
    }
    try {
      String said = firstLine(process).get(START.toMillis(), TimeUnit.MILLISECONDS);
      if (!said.equals(ThawGuardMain.READY)) {
        throw failed(said, new IOException(said));
      }
      return new ThawGuard(process);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new SendenseException(
          ErrorCode.CANCELLED, "starting the thaw guard was interrupted", "", e);
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw failed("it did not get ready within " + START.toSeconds() + " s", e);
    } catch (RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static CompletableFuture<String> firstLine(Process process) {
    CompletableFuture<String> line = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (BufferedReader out =
                  new BufferedReader(
                      new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                String first = out.readLine();
                line.complete(first == null ? "it ended" : first);
              } catch (IOException e) {
                line.completeExceptionally(e);
              }
            });
    return line;
  }

  /**
   * From now on, for {@link ThawGuardMain#LIMIT}, the guest may stand still.
   *
   * @throws SendenseException SOURCE_UNREADABLE where the guard is gone
   */
  void arm() {
    try {
      tell(ThawGuardMain.ARM);
    } catch (IOException e) {
      throw failed("it ended", e);
    }
  }

  /**
   * Ends it.
   *
   * @param thawed otherwise it goes on by itself until the agent answers, but not without end
   */
  void leave(boolean thawed) {
    try {
      if (thawed) {
        tell(ThawGuardMain.DONE);
      }
      process.getOutputStream().close();
    } catch (IOException e) {
      // It is gone; the guest's own word counts, not the guard's.
      process.destroyForcibly();
    }
    try {
      if (thawed && !process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void tell(int word) throws IOException {
    process.getOutputStream().write(word);
    process.getOutputStream().flush();
  }

  private static SendenseException failed(String why, Exception e) {
    return new SendenseException(
        ErrorCode.SOURCE_UNREADABLE,
        "the thaw guard did not start: " + why,
        "See that this machine can start another process; 64 MiB are enough for it.",
        e);
  }
}
