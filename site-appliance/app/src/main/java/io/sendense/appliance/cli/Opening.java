package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A repository being opened by a thread of its own while the command does other things: its
 * passphrase is stretched for as long as it takes to open the state. {@link #take} makes it the
 * caller's to close; what nobody took is closed here.
 */
final class Opening<T> implements AutoCloseable {
  private final FutureTask<T> opening;
  private final boolean beside;
  private final Consumer<T> closing;
  private boolean taken;

  private Opening(Supplier<T> open, boolean beside, Consumer<T> closing) {
    this.opening = new FutureTask<>(open::get);
    this.beside = beside;
    this.closing = closing;
    if (beside) {
      Thread.ofPlatform().daemon().name("opening").start(opening);
    }
  }

  static Opening<OpenPoints> points(
      Surroundings surroundings, CommonOptions options, String where) {
    return new Opening<>(
        () -> OpenPoints.open(surroundings, options, where), true, OpenPoints::close);
  }

  /**
   * @param beside false to open it in {@link #take}: a token counts wrong PINs, and two at once
   *     would be two
   */
  static Opening<OpenRepository> repository(boolean beside, Supplier<OpenRepository> open) {
    return new Opening<>(open, beside, OpenRepository::close);
  }

  /**
   * Waits for it.
   *
   * @throws SendenseException what opening it threw; CANCELLED where this thread was interrupted
   */
  T take() {
    // Does nothing where the thread has begun it.
    opening.run();
    try {
      T opened = opening.get();
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
    if (taken || !beside) {
      return;
    }
    T opened;
    try {
      opened = opening.get();
    } catch (ExecutionException e) {
      // There is nothing to close, and whoever took it was told why.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    closing.accept(opened);
  }
}
