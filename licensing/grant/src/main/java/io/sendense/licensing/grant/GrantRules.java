package io.sendense.licensing.grant;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Checks shared by the values of this package. */
final class GrantRules {
  private GrantRules() {}

  static void wholeSeconds(String name, Instant instant) {
    if (!instant.truncatedTo(ChronoUnit.SECONDS).equals(instant)) {
      throw new IllegalArgumentException(name + " is in whole seconds, got " + instant);
    }
  }

  static void range(Instant from, Instant to) {
    wholeSeconds("the beginning", from);
    wholeSeconds("the end", to);
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException("it ends before it begins: " + from + " to " + to);
    }
  }

  static void notNegative(String name, Duration duration) {
    if (duration.isNegative() || !duration.truncatedTo(ChronoUnit.SECONDS).equals(duration)) {
      throw new IllegalArgumentException(
          name + " is not negative and in whole seconds, got " + duration);
    }
  }
}
