package io.sendense.engine;

import io.sendense.domain.SendenseException;

/** Lets the bytes of a job pass when it is their turn. Any thread. */
@FunctionalInterface
public interface Bandwidth {
  /** Looks only whether the job is to end. */
  Bandwidth UNLIMITED = (bytes, control) -> control.check();

  /**
   * Returns when so many bytes may pass, or throws when the job is to end.
   *
   * @throws SendenseException CANCELLED, DEADLINE_EXCEEDED
   */
  void pass(long bytes, JobControl control);
}
