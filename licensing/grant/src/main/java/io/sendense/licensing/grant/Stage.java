package io.sendense.licensing.grant;

import java.time.Duration;
import java.time.Instant;

/** How far a licence has run out, in the order in which it does (design promise 1). */
public enum Stage {
  /** Everything the edition includes. */
  VALID,
  /** Everything goes on, with a warning. */
  GRACE,
  /** Schedules go on; nothing new may be taken under protection. */
  RESTRICTED,
  /** No new points. */
  SUSPENDED;

  /**
   * The stage at a time, by when validity ends; what comes before validity is valid too.
   *
   * @param end the first moment that is not valid any more
   */
  public static Stage byDates(Instant end, Duration grace, Duration restricted, Instant time) {
    if (time.isBefore(end)) {
      return VALID;
    }
    if (time.isBefore(end.plus(grace))) {
      return GRACE;
    }
    return time.isBefore(end.plus(grace).plus(restricted)) ? RESTRICTED : SUSPENDED;
  }
}
