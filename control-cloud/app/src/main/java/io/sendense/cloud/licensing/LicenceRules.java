package io.sendense.cloud.licensing;

import io.sendense.cloud.web.Findings;
import io.sendense.domain.Edition;
import io.sendense.licensing.grant.EditionMatrix;
import io.sendense.licensing.grant.EditionTerms;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** What must hold for every licence, whether it is new or changed. */
final class LicenceRules {
  private static final long MOST_VMS = 100_000;
  private static final Duration LONGEST = Duration.ofDays(3660);

  private LicenceRules() {}

  static Edition edition(Findings findings, @Nullable String edition) {
    return findings
        .word(
            edition,
            "edition",
            Editions::parse,
            "community, trial, backup, enterprise, replication")
        .orElse(Edition.BACKUP);
  }

  /**
   * Adds what is wrong with these terms.
   *
   * @return the number of machines, within its bounds
   */
  static long check(
      Findings findings,
      Edition edition,
      @Nullable Long maxVms,
      @Nullable Long maxStorageBytes,
      Instant from,
      Instant to,
      Instant now) {
    long vms = findings.number(maxVms, "maxVms", 1, MOST_VMS);
    findings.require(
        maxStorageBytes == null || maxStorageBytes >= 0, "maxStorageBytes", "is negative");
    findings.require(from.isBefore(to), "validTo", "is not after validFrom");
    findings.require(to.isAfter(now), "validTo", "is past already");
    Duration length = Duration.between(from, to);
    findings.require(length.compareTo(LONGEST) <= 0, "validTo", "is over ten years off");
    EditionTerms terms = EditionMatrix.v1().of(edition);
    terms
        .vms()
        .ifPresent(
            most ->
                findings.require(
                    vms <= most,
                    "maxVms",
                    "is at most " + most + " in edition " + Editions.wire(edition)));
    terms
        .days()
        .ifPresent(
            most ->
                findings.require(
                    length.compareTo(Duration.ofDays(most)) <= 0,
                    "validTo",
                    "is at most " + most + " days off in edition " + Editions.wire(edition)));
    return vms;
  }

  static Instant seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS);
  }
}
