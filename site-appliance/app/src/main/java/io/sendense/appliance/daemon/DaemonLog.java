package io.sendense.appliance.daemon;

import java.io.PrintStream;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Lines for the journal: time, level, sentence. Never a secret. Any thread. */
final class DaemonLog {
  private final PrintStream out;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();

  DaemonLog(PrintStream out, InstantSource clock) {
    this.out = out;
    this.clock = clock;
  }

  void info(String text) {
    line("INFO ", text);
  }

  void warn(String text) {
    line("WARN ", text);
  }

  void error(String text) {
    line("ERROR", text);
  }

  private void line(String level, String text) {
    String oneLine = text.replaceAll("[\\r\\n]+", " ");
    lock.lock();
    try {
      out.println(clock.instant().truncatedTo(ChronoUnit.MILLIS) + " " + level + " " + oneLine);
      out.flush();
    } finally {
      lock.unlock();
    }
  }
}
