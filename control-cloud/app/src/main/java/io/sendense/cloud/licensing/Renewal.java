package io.sendense.cloud.licensing;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/**
 * A licence that is renewed by itself: its ends are the anchor and so many calendar months after it
 * each time, in the customer's time zone. Counted from the anchor, so that an end on the 31st comes
 * back to the 31st after a short month.
 *
 * @param months 1 to 36
 */
record Renewal(int months, Instant anchor) {
  /** So long before the end, so that every lease of the last days is one of the new licence. */
  static final Duration BEFORE_END = Duration.ofDays(14);

  static final int MOST_MONTHS = 36;

  /** Whether a licence with this end is to be renewed now. */
  static boolean isDue(Instant validTo, Instant now) {
    return !now.isBefore(validTo.minus(BEFORE_END));
  }

  /** The end of the renewed licence: the first after both the end of now's and now itself. */
  Instant nextEnd(Instant validTo, Instant now, ZoneId zone) {
    Instant after = validTo.isAfter(now) ? validTo : now;
    Instant end = anchor;
    for (int times = 1; !end.isAfter(after); times++) {
      end = anchor.atZone(zone).plusMonths((long) months * times).toInstant();
    }
    return end;
  }
}
