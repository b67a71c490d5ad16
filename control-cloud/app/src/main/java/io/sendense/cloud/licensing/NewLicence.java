package io.sendense.cloud.licensing;

import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.web.Findings;
import io.sendense.domain.Edition;
import io.sendense.domain.LicenceId;
import io.sendense.licensing.grant.EditionMatrix;
import io.sendense.licensing.grant.EditionTerms;
import io.sendense.licensing.grant.HardwareBinding;
import io.sendense.licensing.grant.Licence;
import io.sendense.licensing.grant.Limits;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is asked for when a licence is issued. */
record NewLicence(
    @Nullable String edition,
    @Nullable Long maxVms,
    @Nullable Long maxStorageBytes,
    @Nullable Instant validFrom,
    @Nullable Instant validTo) {
  private static final long MOST_VMS = 100_000;
  private static final Duration LONGEST = Duration.ofDays(3660);

  /** Nobody buys more transfers yet; a licence of a customer is bound to no hardware. */
  private static final int NO_TRANSFERS = 0;

  /** The licence as it will be signed; refuses with every finding at once. */
  Licence checked(CustomerRef customer, Instant now) {
    Findings findings = new Findings();
    Edition wanted =
        findings
            .word(
                edition,
                "edition",
                Editions::parse,
                "community, trial, backup, enterprise, replication")
            .orElse(Edition.BACKUP);
    long vms = findings.number(maxVms, "maxVms", 1, MOST_VMS);
    findings.require(
        maxStorageBytes == null || maxStorageBytes >= 0, "maxStorageBytes", "is negative");
    Instant from = seconds(validFrom == null ? now : validFrom);
    Instant to = validTo == null ? from.plusSeconds(1) : seconds(validTo);
    findings.require(validTo != null, "validTo", "is missing");
    findings.require(from.isBefore(to), "validTo", "is not after validFrom");
    findings.require(to.isAfter(now), "validTo", "is past already");
    findings.require(
        Duration.between(from, to).compareTo(LONGEST) <= 0, "validTo", "is over ten years off");
    checkTerms(findings, wanted, vms, Duration.between(from, to));
    findings.orRefuse();
    return new Licence(
        new LicenceId(UUID.randomUUID()),
        customer.msp(),
        customer.customer(),
        Optional.empty(),
        wanted,
        Set.of(),
        new Limits(
            OptionalInt.of((int) vms),
            maxStorageBytes == null ? OptionalLong.empty() : OptionalLong.of(maxStorageBytes)),
        seconds(now),
        from,
        to,
        Licence.DEFAULT_GRACE,
        Licence.DEFAULT_RESTRICTED,
        Licence.DEFAULT_OFFLINE,
        HardwareBinding.NONE,
        NO_TRANSFERS);
  }

  private static void checkTerms(Findings findings, Edition edition, long vms, Duration length) {
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
  }

  private static Instant seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS);
  }
}
