package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A repository being opened by a thread of its own while the command does other things: its
 * passphrase is stretched for as long as it takes to open the state. {@link #take} makes it the
 * caller's to close; what nobody took is closed here.
 */
final class OpeningPoints implements AutoCloseable {
  private final FutureTask<OpenPoints> opening;
  private boolean taken;

  private OpeningPoints(FutureTask<OpenPoints> opening) {
    this.opening = opening;
  }

  static OpeningPoints begin(Surroundings surroundings, CommonOptions options, String where) {
    FutureTask<OpenPoints> opening =
        new FutureTask<>(() -> OpenPoints.open(surroundings, options, where));
    Thread.ofPlatform().daemon().name("opening").start(opening);
    return new OpeningPoints(opening);
  }

  /**
   * Waits for it.
   *
   * @throws SendenseException what opening it threw; CANCELLED where this thread was interrupted
   */
  OpenPoints take() {
    try {
      OpenPoints opened = opening.get();
      taken = true;
      return opened;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException why) {
        throw why;
      }
      if (e.getCause() instanceof Error why) {
        throw why;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendenseException(
          ErrorCode.CANCELLED, "the command was interrupted", "Run it again.", e);
    }
  }

  @Override
  public void close() {
    if (taken) {
      return;
    }
    OpenPoints opened;
    try {
      opened = opening.get();
    } catch (ExecutionException e) {
      // There is nothing to close, and whoever took it was told why.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    opened.close();
  }
}
