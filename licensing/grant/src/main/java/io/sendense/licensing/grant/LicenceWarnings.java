package io.sendense.licensing.grant;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is said before each step comes. */
final class LicenceWarnings {
  /** A month to order a renewal. */
  private static final Duration BEFORE_LICENCE_ENDS = Duration.ofDays(30);

  /** Two days to mend a broken link, or the last third of a shorter lease. */
  private static final Duration BEFORE_LEASE_ENDS = Duration.ofDays(2);

  private LicenceWarnings() {}

  static List<Warning> ofClock(boolean rolledBack, Instant now, ClockFloor floor) {
    return rolledBack
        ? List.of(
            new Warning(
                Warning.Kind.CLOCK_ROLLED_BACK,
                "The clock says "
                    + now
                    + ", but it has been "
                    + floor.lastSeen()
                    + " already; the later time counts. Set the clock right."))
        : List.of();
  }

  static List<Warning> notYetValid(List<Warning> clock, Instant from) {
    return plus(
        clock,
        Warning.Kind.NOT_YET_VALID,
        "The licence begins at " + from + "; until then the community edition applies.");
  }

  static List<Warning> of(
      List<Warning> clock,
      Licence licence,
      Optional<Lease> lease,
      StageDates dates,
      Stage stage,
      Instant asOf) {
    return switch (stage) {
      case VALID -> beforeTheEnd(clock, licence, lease, dates, asOf);
      case GRACE ->
          plus(
              clock,
              Warning.Kind.GRACE_ENDS,
              "Licence or lease is over. Everything works until "
                  + dates.restrictedFrom()
                  + "; then no new VMs or flows are taken.");
      case RESTRICTED ->
          plus(
              clock,
              Warning.Kind.NEW_POINTS_END,
              "No new VMs or flows are taken. Schedules run until "
                  + dates.suspendedFrom()
                  + "; then no new restore points are made.");
      case SUSPENDED ->
          plus(
              clock,
              Warning.Kind.SUSPENDED,
              "No new restore points are made since "
                  + dates.suspendedFrom()
                  + ". Restore, file recovery, export and failover work.");
    };
  }

  private static List<Warning> beforeTheEnd(
      List<Warning> clock, Licence licence, Optional<Lease> lease, StageDates dates, Instant asOf) {
    Duration left = Duration.between(asOf, dates.graceFrom());
    List<Warning> warnings = clock;
    if (Duration.between(asOf, licence.validTo()).compareTo(BEFORE_LICENCE_ENDS) <= 0) {
      warnings =
          plus(
              warnings,
              Warning.Kind.LICENCE_ENDS,
              "The licence ends at " + licence.validTo() + "; grace begins then.");
    }
    if (left.compareTo(leaseNotice(licence, lease)) <= 0) {
      warnings =
          plus(
              warnings,
              Warning.Kind.LEASE_ENDS,
              "The lease reaches to "
                  + dates.graceFrom()
                  + " and was not renewed; grace begins then. Check the link to the cloud.");
    }
    return warnings;
  }

  private static Duration leaseNotice(Licence licence, Optional<Lease> lease) {
    Duration third = lease.map(Lease::length).orElse(licence.offline()).dividedBy(3);
    return third.compareTo(BEFORE_LEASE_ENDS) < 0 ? third : BEFORE_LEASE_ENDS;
  }

  private static List<Warning> plus(List<Warning> warnings, Warning.Kind kind, String text) {
    List<Warning> all = new ArrayList<>(warnings);
    all.add(new Warning(kind, text));
    return all;
  }
}
