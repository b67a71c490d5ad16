package io.sendense.appliance.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command end in order when the process is asked to (SIGINT, SIGTERM): an action is run at
 * once, and the process's end waits a bounded time for the command to finish cleaning up.
 */
final class Interrupts implements AutoCloseable {
  private static final Duration CLEAN_UP = Duration.ofSeconds(30);

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook;

  private Interrupts(Runnable action) {
    this.hook =
        new Thread(
            () -> {
              action.run();
              awaitFinish();
            },
            "on-signal");
  }

  static Interrupts onSignal(Runnable action) {
    Interrupts interrupts = new Interrupts(action);
    Runtime.getRuntime().addShutdownHook(interrupts.hook);
    return interrupts;
  }

  private void awaitFinish() {
    try {
      if (!finished.await(CLEAN_UP.toSeconds(), TimeUnit.SECONDS)) {
        System.getLogger(Interrupts.class.getName())
            .log(System.Logger.Level.WARNING, "the job did not clean up in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The command has cleaned up. */
  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      return; // by the very signal this waited for
    }
  }
}
