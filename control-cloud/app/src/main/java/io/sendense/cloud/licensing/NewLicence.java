package io.sendense.cloud.licensing;

import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.web.Findings;
import io.sendense.domain.ApplianceId;
import io.sendense.domain.Edition;
import io.sendense.domain.LicenceId;
import io.sendense.licensing.grant.HardwareBinding;
import io.sendense.licensing.grant.Licence;
import io.sendense.licensing.grant.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for when a licence is issued.
 *
 * @param applianceId the only appliance it is for; none = every one of the customer
 * @param bindHardware whether it binds itself to that appliance's hardware
 * @param transfers moves to other hardware that are bought with it
 * @param offlineDays how long it is enough without any lease, for a site without the cloud
 */
public record NewLicence(
    @Nullable String edition,
    @Nullable Long maxVms,
    @Nullable Long maxStorageBytes,
    @Nullable Instant validFrom,
    @Nullable Instant validTo,
    @Nullable String applianceId,
    @Nullable Boolean bindHardware,
    @Nullable Long transfers,
    @Nullable Long offlineDays) {
  private static final int MOST_TRANSFERS = 100;
  private static final int MOST_OFFLINE_DAYS = 400;

  NewLicence(
      @Nullable String edition,
      @Nullable Long maxVms,
      @Nullable Long maxStorageBytes,
      @Nullable Instant validFrom,
      @Nullable Instant validTo) {
    this(edition, maxVms, maxStorageBytes, validFrom, validTo, null, null, null, null);
  }

  /** The licence as it will be signed; refuses with every finding at once. */
  Licence checked(CustomerRef customer, Instant now) {
    Findings findings = new Findings();
    Edition wanted = LicenceRules.edition(findings, edition);
    Instant from = LicenceRules.seconds(validFrom == null ? now : validFrom);
    findings.require(validTo != null, "validTo", "is missing");
    Instant to = validTo == null ? from.plusSeconds(1) : LicenceRules.seconds(validTo);
    long vms = LicenceRules.check(findings, wanted, maxVms, maxStorageBytes, from, to, now);
    Optional<ApplianceId> only =
        applianceId == null
            ? Optional.empty()
            : Optional.of(new ApplianceId(findings.id(applianceId, "applianceId")));
    findings.require(
        !binds() || only.isPresent(), "bindHardware", "needs an applianceId, whose hardware it is");
    long moves = transfers == null ? 0 : findings.number(transfers, "transfers", 0, MOST_TRANSFERS);
    Duration offline =
        offlineDays == null
            ? Licence.DEFAULT_OFFLINE
            : Duration.ofDays(findings.number(offlineDays, "offlineDays", 1, MOST_OFFLINE_DAYS));
    findings.require(
        offlineDays == null || only.isPresent() || offlineDays <= 31,
        "offlineDays",
        "is at most 31 for a licence that every appliance of the customer could use");
    findings.orRefuse();
    return new Licence(
        new LicenceId(UUID.randomUUID()),
        customer.msp(),
        customer.customer(),
        only,
        wanted,
        Set.of(),
        new Limits(
            OptionalInt.of((int) vms),
            maxStorageBytes == null ? OptionalLong.empty() : OptionalLong.of(maxStorageBytes)),
        LicenceRules.seconds(now),
        from,
        to,
        Licence.DEFAULT_GRACE,
        Licence.DEFAULT_RESTRICTED,
        offline,
        HardwareBinding.NONE,
        (int) moves);
  }

  boolean binds() {
    return Boolean.TRUE.equals(bindHardware);
  }
}
