package io.sendense.repository.testkit;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a check says of a store when it finds something else than it must. */
final class Expect {
  private Expect() {}

  /** A store did not do what it must; the message says what it did instead. */
  static final class NotMet extends AssertionError {
    private static final long serialVersionUID = 1L;

    NotMet(String message) {
      super(message);
    }
  }

  static void that(boolean met, String otherwise) {
    if (!met) {
      throw new NotMet(otherwise);
    }
  }

  static void equal(@Nullable Object found, @Nullable Object wanted, String what) {
    that(Objects.equals(found, wanted), what + " is " + found + " instead of " + wanted);
  }

  /** Bytes are compared without being printed. */
  static void same(byte[] found, byte[] wanted, String what) {
    that(
        found.length == wanted.length,
        what + " has " + found.length + " bytes instead of " + wanted.length);
    for (int i = 0; i < wanted.length; i++) {
      that(found[i] == wanted[i], what + " differs from what was put, first at byte " + i);
    }
  }

  /** Runs what must fail with a code; gives back the failure. */
  static SendenseException refusal(ErrorCode code, String what, Runnable action) {
    try {
      action.run();
    } catch (SendenseException e) {
      that(e.code() == code, what + " failed with " + e.code() + " instead of " + code + ": " + e);
      return e;
    }
    throw new NotMet(what + " was accepted; it must fail with " + code);
  }
}
