package io.sendense.engine;

/**
 * Hears how a job gets on. {@link #entered} and {@link #warned} are called on the job's own thread,
 * {@link #advanced} on any one of its workers, never two at once and at most some ten times a
 * second. It must return soon and not throw.
 */
public interface JobListener {
  /** The phase is recorded and its first effect follows. */
  void entered(Phase phase);

  void advanced(Phase phase, Progress progress);

  /** Something that is not as it should be, although the job goes on. */
  void warned(String text);

  /** Something a person may want to know. */
  default void noted(String text) {}

  /** Hears and forgets. */
  static JobListener silent() {
    return new JobListener() {
      @Override
      public void entered(Phase phase) {}

      @Override
      public void advanced(Phase phase, Progress progress) {}

      @Override
      public void warned(String text) {}
    };
  }
}
