package io.sendense.licensing.grant;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.time.Instant;
import java.util.Optional;

/** What verification found. Only {@link Refused} means that the object is not genuine. */
public sealed interface Verdict<T> {
  /** Genuine and inside its dates. */
  record Valid<T>(T grant) implements Verdict<T> {}

  /** Genuine; begins later. */
  record NotYetValid<T>(T grant, Instant validFrom) implements Verdict<T> {}

  /** Genuine; over. What that means is {@link LicenceState}'s to say: grace may still run. */
  record Expired<T>(T grant, Instant since) implements Verdict<T> {}

  /**
   * Not genuine.
   *
   * @param what one sentence for a person, without any secret
   */
  record Refused<T>(Refusal reason, String what) implements Verdict<T> {}

  /** The object, if it is genuine, whatever its dates. */
  default Optional<T> genuine() {
    return switch (this) {
      case Valid<T> valid -> Optional.of(valid.grant());
      case NotYetValid<T> early -> Optional.of(early.grant());
      case Expired<T> late -> Optional.of(late.grant());
      case Refused<T> refused -> Optional.empty();
    };
  }

  /** The object, if it is genuine, whatever its dates; else {@link ErrorCode#LICENCE_INVALID}. */
  default T genuineOrThrow() {
    if (this instanceof Refused<T>(Refusal reason, String what)) {
      throw new SendenseException(
          ErrorCode.LICENCE_INVALID,
          what + " (" + reason + ")",
          "Ask your provider for a licence issued for this appliance. Restores go on without it.");
    }
    return genuine().orElseThrow();
  }
}
