package io.sendense.licensing.grant;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When each stage begins, if nothing is renewed. */
record StageDates(Instant graceFrom, Instant restrictedFrom, Instant suspendedFrom) {
  static StageDates of(Licence licence, Optional<Lease> lease) {
    Instant reach =
        lease.map(Lease::expiresAt).orElseGet(() -> licence.validFrom().plus(licence.offline()));
    Instant end = reach.isBefore(licence.validTo()) ? reach : licence.validTo();
    Instant restricted = end.plus(licence.grace());
    return new StageDates(end, restricted, restricted.plus(licence.restricted()));
  }

  Stage stageAt(Instant time) {
    return Stage.byDates(
        graceFrom,
        Duration.between(graceFrom, restrictedFrom),
        Duration.between(restrictedFrom, suspendedFrom),
        time);
  }

  Optional<Instant> nextAfter(Stage stage) {
    return switch (stage) {
      case VALID -> Optional.of(graceFrom);
      case GRACE -> Optional.of(restrictedFrom);
      case RESTRICTED -> Optional.of(suspendedFrom);
      case SUSPENDED -> Optional.empty();
    };
  }
}
