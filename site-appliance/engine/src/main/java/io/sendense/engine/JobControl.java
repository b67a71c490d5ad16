package io.sendense.engine;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.time.Duration;

/**
 * Lets another thread end a job early and ends it by itself at a deadline. The job looks at it
 * between chunks, so it ends within one chunk's time. Thread-safe.
 */
public final class JobControl {
  private final long deadlineNanos;
  private final SendenseException late;
  private volatile boolean cancelled;

  /**
   * @param limit how long the job may take, from now
   */
  public JobControl(Duration limit) {
    this(
        limit,
        new SendenseException(
            ErrorCode.DEADLINE_EXCEEDED,
            "the job did not end within " + limit,
            "Look at the rate it had; allow it more time or give it a faster store."));
  }

  private JobControl(Duration limit, SendenseException late) {
    this.late = late;
    this.deadlineNanos = System.nanoTime() + limit.toNanos();
  }

  /**
   * For a job that may run in a backup window only.
   *
   * @param left until the window closes
   */
  public static JobControl untilWindowCloses(Duration left) {
    return new JobControl(
        left,
        new SendenseException(
            ErrorCode.DEADLINE_EXCEEDED,
            "the backup window closed before the job had ended",
            "What was stored is used again in the next window; a longer one lets it end."));
  }

  public void cancel() {
    cancelled = true;
  }

  /**
   * @throws SendenseException CANCELLED or DEADLINE_EXCEEDED
   */
  public void check() {
    if (cancelled) {
      throw new SendenseException(
          ErrorCode.CANCELLED, "the job was cancelled", "Start it again when it suits.");
    }
    if (System.nanoTime() - deadlineNanos > 0) {
      throw late;
    }
  }
}
