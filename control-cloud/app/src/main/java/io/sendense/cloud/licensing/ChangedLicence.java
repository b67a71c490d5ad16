package io.sendense.cloud.licensing;

import io.sendense.cloud.web.Findings;
import io.sendense.domain.Edition;
import io.sendense.domain.LicenceId;
import io.sendense.licensing.grant.Licence;
import io.sendense.licensing.grant.Limits;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is asked for when a licence is upgraded, downgraded or renewed; what is not given stays. */
record ChangedLicence(
    @Nullable String edition,
    @Nullable Long maxVms,
    @Nullable Long maxStorageBytes,
    @Nullable Instant validTo) {

  /** The licence that follows {@code before}; refuses with every finding at once. */
  Licence checked(Licence before, Instant now) {
    Findings findings = new Findings();
    findings.require(
        edition != null || maxVms != null || maxStorageBytes != null || validTo != null,
        "edition",
        "or maxVms, maxStorageBytes or validTo is needed: nothing is to be changed");
    Edition wanted = edition == null ? before.edition() : LicenceRules.edition(findings, edition);
    Instant to = validTo == null ? before.validTo() : LicenceRules.seconds(validTo);
    // A trial's days count for the trial only.
    boolean begins = wanted != before.edition();
    Instant from = begins ? LicenceRules.seconds(now) : before.validFrom();
    Long vms = maxVms == null ? Long.valueOf(before.limits().vms().orElse(1)) : maxVms;
    long checked = LicenceRules.check(findings, wanted, vms, maxStorageBytes, from, to, now);
    findings.require(
        wanted != Edition.TRIAL || before.edition() == Edition.TRIAL,
        "edition",
        "cannot become trial again");
    findings.orRefuse();
    OptionalLong storage =
        maxStorageBytes == null ? before.limits().storageBytes() : OptionalLong.of(maxStorageBytes);
    return new Licence(
        new LicenceId(UUID.randomUUID()),
        before.msp(),
        before.customer(),
        before.appliance(),
        wanted,
        before.features(),
        new Limits(OptionalInt.of((int) checked), storage),
        LicenceRules.seconds(now),
        from,
        to,
        before.grace(),
        before.restricted(),
        before.offline(),
        before.hardware(),
        before.transfersLeft());
  }

  /** Whether nothing but the end changes. */
  String cause() {
    return Optional.ofNullable(edition).isEmpty() && maxVms == null && maxStorageBytes == null
        ? "renew"
        : "change";
  }
}
