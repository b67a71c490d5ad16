package io.sendense.repository.format;

/**
 * Asked again and again by a long operation, on any of its threads: at least before each call to
 * the store that it makes itself, and for each point.
 */
@FunctionalInterface
public interface Cancellation {
  Cancellation NEVER = () -> {};

  /** Throws to end the operation, which then leaves what a crash at this moment would leave. */
  void check();
}
