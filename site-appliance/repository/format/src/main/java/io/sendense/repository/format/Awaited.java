package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** What another thread of the same work came to. */
final class Awaited {
  private Awaited() {}

  /**
   * Waits for the result, or throws what the other thread threw.
   *
   * @param work for people, such as {@code reading the points}
   * @throws SendenseException also CANCELLED where this thread was interrupted
   */
  static <T> T result(Future<T> future, String work) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendenseException(
          ErrorCode.CANCELLED, work + " was interrupted", "Run it again.", e);
    }
  }
}
