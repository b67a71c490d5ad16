package io.sendense.appliance.cli;

import io.sendense.engine.JobListener;
import io.sendense.engine.Phase;
import io.sendense.engine.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * Shows a job on standard error: one line that is rewritten on a terminal; elsewhere a line per
 * phase and one every ten seconds, so that a log stays short.
 */
final class ProgressLines implements JobListener {
  private static final Duration LOG_EVERY = Duration.ofSeconds(10);
  private static final String ERASE = "\r\u001b[K";

  private final PrintStream err;
  private final boolean terminal;
  private long loggedNanos = System.nanoTime();
  private boolean lineOpen;

  ProgressLines(PrintStream err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  @Override
  public synchronized void entered(Phase phase) {
    if (terminal) {
      err.print(ERASE + phase.label() + " ...");
      err.flush();
      lineOpen = true;
    } else {
      err.println("phase " + phase.label());
    }
  }

  @Override
  public synchronized void advanced(Phase phase, Progress progress) {
    if (terminal) {
      err.print(ERASE + text(phase, progress));
      err.flush();
      lineOpen = true;
    } else if (System.nanoTime() - loggedNanos > LOG_EVERY.toNanos()) {
      loggedNanos = System.nanoTime();
      err.println(text(phase, progress));
    }
  }

  @Override
  public synchronized void warned(String text) {
    end();
    err.println("warning: " + text);
  }

  @Override
  public synchronized void noted(String text) {
    end();
    err.println("note: " + text);
  }

  /** Ends the live line, so that what follows starts on its own. */
  synchronized void end() {
    if (lineOpen) {
      err.print(ERASE);
      err.flush();
      lineOpen = false;
    }
  }

  private static String text(Phase phase, Progress progress) {
    double share =
        progress.totalBytes() == 0 ? 100 : 100.0 * progress.doneBytes() / progress.totalBytes();
    return String.format(
        Locale.ROOT,
        "%s %s of %s (%.1f %%), %s%s",
        phase.label(),
        Units.bytes(progress.doneBytes()),
        Units.bytes(progress.totalBytes()),
        share,
        Units.rate(progress.bytesPerSecond()),
        progress.remaining().map(left -> ", " + Units.duration(left) + " left").orElse(""));
  }
}
