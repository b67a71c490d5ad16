package io.sendense.recovery.apps;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.machine.Console;
import io.sendense.recovery.work.Pause;
import io.sendense.recovery.work.Run;
import io.sendense.recovery.work.WorkPlace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A throw-away server and its clients, all as the place's user. For one thread at a time. */
final class Server implements AutoCloseable {
  private static final Duration READY = Duration.ofMinutes(30);
  private static final Duration ASK = Duration.ofMinutes(2);
  private static final Duration EXPORT = Duration.ofHours(24);
  private static final long POLL_MILLIS = 200;
  private static final long FILE_BYTES = Long.MAX_VALUE;
  private static final int LAST_BYTES = 4096;

  private final WorkPlace place;
  private final String name;
  private final Process process;
  private final Run.Tail said = new Run.Tail();

  Server(WorkPlace place, String name, List<String> command) {
    this.place = place;
    this.name = name;
    this.process = place.start(WorkPlace.Bounds.files(FILE_BYTES), command);
    said.drain(process.getInputStream());
    said.drain(process.getErrorStream());
  }

  /** Waits until the client's command succeeds: recovery after a crash may take its time. */
  void awaitReady(List<String> client) {
    long end = System.nanoTime() + READY.toNanos();
    while (true) {
      if (!process.isAlive()) {
        throw new SendenseException(
            ErrorCode.GUEST_DAMAGED,
            name + " does not start with this data: " + lastWords(),
            "An earlier point may be whole; the files themselves come with: files get.");
      }
      if (Run.of(place, WorkPlace.Bounds.files(FILE_BYTES), ASK, client).exitCode() == 0) {
        return;
      }
      if (System.nanoTime() > end) {
        throw new SendenseException(
            ErrorCode.DEADLINE_EXCEEDED,
            name + " was not ready within " + READY.toMinutes() + " minutes: " + lastWords(),
            "");
      }
      try {
        Pause.millis(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SendenseException(ErrorCode.CANCELLED, "interrupted", "", e);
      }
    }
  }

  /** What a client prints, as lines. */
  List<String> ask(List<String> client) {
    Run run = Run.of(place, WorkPlace.Bounds.files(FILE_BYTES), ASK, client);
    if (run.exitCode() != 0) {
      throw new SendenseException(
          ErrorCode.GUEST_DAMAGED, name + " says: " + Console.plain(run.output()), "");
    }
    return run.output().lines().toList();
  }

  /**
   * Brings what a client writes to an output. A client that was cut off may end with 0, so that its
   * own last line is asked for too.
   */
  void export(List<String> client, String lastLine, OutputStream to) {
    Process dump = place.start(WorkPlace.Bounds.files(FILE_BYTES), client);
    Run.Tail errors = new Run.Tail();
    errors.drain(dump.getErrorStream());
    StringBuilder last = new StringBuilder();
    try (InputStream in = dump.getInputStream()) {
      dump.getOutputStream().close();
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        to.write(buffer, 0, n);
        last.append(new String(buffer, 0, n, java.nio.charset.StandardCharsets.ISO_8859_1));
        if (last.length() > LAST_BYTES) {
          last.delete(0, last.length() - LAST_BYTES);
        }
      }
      if (!dump.waitFor(EXPORT.toSeconds(), TimeUnit.SECONDS)) {
        throw new SendenseException(ErrorCode.DEADLINE_EXCEEDED, "the export did not end", "");
      }
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.NO_SPACE, "the export cannot be written: " + e.getMessage(), "", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendenseException(ErrorCode.CANCELLED, "interrupted", "", e);
    } finally {
      dump.destroyForcibly();
    }
    if (dump.exitValue() != 0 || last.indexOf(lastLine) < 0) {
      String why = Console.plain(errors.text());
      boolean missing =
          why.contains("not exist")
              || why.contains("no matching tables")
              || why.contains("Unknown database")
              || why.contains("Couldn't find table");
      throw new SendenseException(
          missing ? ErrorCode.NOT_FOUND : ErrorCode.GUEST_DAMAGED,
          "the export failed: " + why,
          missing ? "List what there is with: app ls --items" : "");
    }
  }

  private String lastWords() {
    List<String> lines = said.text().lines().toList();
    return Console.plain(
        String.join(" / ", lines.subList(Math.max(0, lines.size() - 3), lines.size())));
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
