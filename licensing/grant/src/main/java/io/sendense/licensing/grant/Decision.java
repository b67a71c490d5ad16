package io.sendense.licensing.grant;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;

/** Whether something is allowed. */
public sealed interface Decision {
  record Allowed() implements Decision {}

  /**
   * @param what why not, one sentence for a person
   * @param remedy what to do about it
   */
  record Denied(ErrorCode code, String what, String remedy) implements Decision {}

  default boolean isAllowed() {
    return this instanceof Allowed;
  }

  /** Returns if it is allowed. */
  default void orThrow() {
    if (this instanceof Denied(ErrorCode code, String what, String remedy)) {
      throw new SendenseException(code, what, remedy);
    }
  }
}
