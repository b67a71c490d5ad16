package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.fs.GuestPath;
import io.sendense.recovery.out.Copier;
import java.time.Duration;

/** Says how far a search or a copy is, with its rate, and ends it on SIGINT or SIGTERM. */
final class FilesProgress implements Copier.Watch, AutoCloseable {
  private static final Duration TERMINAL_EVERY = Duration.ofMillis(200);
  private static final Duration LOG_EVERY = Duration.ofSeconds(10);

  private final Surroundings surroundings;
  private final String done;
  private final long startNanos = System.nanoTime();
  private final Interrupts interrupts;
  private volatile boolean cancelled;
  private long saidNanos = startNanos;
  private boolean lineOpen;
  private long files;
  private long bytes;

  private FilesProgress(Surroundings surroundings, String done) {
    this.surroundings = surroundings;
    this.done = done;
    this.interrupts = Interrupts.onSignal(() -> cancelled = true);
  }

  static FilesProgress start(Surroundings surroundings, String done) {
    return new FilesProgress(surroundings, done);
  }

  @Override
  public void file(GuestPath path) {
    looked();
  }

  void looked() {
    files++;
    said();
  }

  @Override
  public void bytes(long count) {
    bytes += count;
    said();
  }

  long bytesCopied() {
    return bytes;
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  long bytesPerSecond() {
    return bytes * 1000 / Math.max(1, elapsed().toMillis());
  }

  void warn(String text) {
    end();
    surroundings.err().println("warning: " + text);
  }

  void end() {
    if (lineOpen) {
      surroundings.err().print("\r\u001b[K");
      surroundings.err().flush();
      lineOpen = false;
    }
  }

  @Override
  public void close() {
    end();
    interrupts.close();
  }

  private void said() {
    if (cancelled) {
      throw new SendenseException(
          ErrorCode.CANCELLED, "the command was interrupted", "Run it again.");
    }
    Duration every = surroundings.terminal() ? TERMINAL_EVERY : LOG_EVERY;
    long now = System.nanoTime();
    if (now - saidNanos < every.toNanos()) {
      return;
    }
    saidNanos = now;
    long rate = files * 1000 / Math.max(1, elapsed().toMillis());
    String text = done + " " + files + " files (" + rate + "/s)";
    if (bytes > 0) {
      text += ", " + Units.bytes(bytes) + ", " + Units.rate(bytesPerSecond());
    }
    if (surroundings.terminal()) {
      surroundings.err().print("\r\u001b[K" + text);
      surroundings.err().flush();
      lineOpen = true;
    } else {
      surroundings.err().println(text);
    }
  }
}
