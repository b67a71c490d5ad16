package io.sendense.cloud.licensing;

import static io.sendense.cloud.db.licensing.Tables.LEASE;

import io.sendense.cloud.db.Scope;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.db.licensing.tables.records.LeaseRecord;
import io.sendense.cloud.db.licensing.tables.records.LicenceRecord;
import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.cloud.fleet.LeasePort;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.LicenceId;
import io.sendense.domain.SendenseException;
import io.sendense.licensing.grant.HardwareBinding;
import io.sendense.licensing.grant.Lease;
import io.sendense.licensing.issuer.GrantIssuer;
import io.sendense.protocol.LeaseAnswer;
import io.sendense.protocol.LeaseRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Renews leases of the licence in force. A licence that renews or binds itself does so here, when
 * an appliance asks: no clock of ours has to strike for a site to keep its lease.
 */
@Service
class LeaseService implements LeasePort {
  private final ScopedTx tx;
  private final LicenceActs acts;
  private final TrustUpdates trusts;
  private final GrantIssuer issuer;
  private final LicensingSettings settings;
  private final InstantSource clock;

  LeaseService(
      ScopedTx tx,
      LicenceActs acts,
      TrustUpdates trusts,
      GrantIssuer issuer,
      LicensingSettings settings,
      InstantSource clock) {
    this.tx = tx;
    this.acts = acts;
    this.trusts = trusts;
    this.issuer = issuer;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public Issued issue(ApplianceIdentity appliance, LeaseRequest request) {
    return tx.run(
        Scope.customer(appliance.msp(), appliance.customer()),
        dsl -> renew(dsl, appliance, request));
  }

  private Issued renew(DSLContext dsl, ApplianceIdentity appliance, LeaseRequest request) {
    CustomerRef customer = Customers.require(dsl, appliance.customer());
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    LicenceRecord licence = upToDate(dsl, customer, appliance, request, now);
    Optional<LeaseRecord> held =
        dsl.selectFrom(LEASE)
            .where(LEASE.MSP_ID.eq(appliance.msp().value()))
            .and(LEASE.CUSTOMER_ID.eq(appliance.customer().value()))
            .and(LEASE.APPLIANCE_ID.eq(appliance.appliance().value()))
            .forUpdate()
            .fetchOptional();
    LicenceRecord readable = acts.signedFor(dsl, licence, request.trusted());
    Optional<String> trust = trusts.update(request.trusted(), now);
    if (held.isPresent() && isRepeated(held.get(), licence, request)) {
      return answer(readable, held.get(), trust, now);
    }
    return answer(readable, sign(dsl, appliance, licence, held, request, now), trust, now);
  }

  /** The licence in force, renewed and bound where it is time for either. */
  private LicenceRecord upToDate(
      DSLContext dsl,
      CustomerRef customer,
      ApplianceIdentity appliance,
      LeaseRequest request,
      Instant now) {
    LicenceRecord read =
        LicenceStore.inForce(dsl, customer).orElseThrow(() -> noLicence(appliance));
    HardwareBinding hardware = hardware(request);
    if (!isRenewable(read, now) && !isBindable(read, appliance, hardware)) {
      refuse(read, appliance, hardware, now);
      return read;
    }
    // Two appliances may ask at once; the second finds what the first made.
    LicenceRecord licence =
        LicenceStore.locked(dsl, customer).orElseThrow(() -> noLicence(appliance));
    if (isRenewable(licence, now)) {
      licence = renewed(dsl, customer, licence, now);
    }
    if (isBindable(licence, appliance, hardware)) {
      licence =
          acts.put(
              dsl,
              "appliance:" + appliance.appliance(),
              Successors.boundTo(LicenceStore.licence(licence), hardware, now),
              Circumstances.after(licence, "bind"));
    }
    refuse(licence, appliance, hardware, now);
    return licence;
  }

  private LicenceRecord renewed(
      DSLContext dsl, CustomerRef customer, LicenceRecord licence, Instant now) {
    Circumstances around = Circumstances.after(licence, "renew");
    Instant end =
        around
            .renewal()
            .orElseThrow()
            .nextEnd(licence.getValidTo().toInstant(), now, customer.zone());
    return acts.put(
        dsl, "system:renewal", Successors.until(LicenceStore.licence(licence), end, now), around);
  }

  private static boolean isRenewable(LicenceRecord licence, Instant now) {
    return licence.getRenewMonths() != null
        && isWell(licence)
        && Renewal.isDue(licence.getValidTo().toInstant(), now);
  }

  /** A successor would be free of what was put on this one. */
  private static boolean isWell(LicenceRecord licence) {
    return licence.getRevokedAt() == null && licence.getSuspendedAt() == null;
  }

  private static boolean isBindable(
      LicenceRecord licence, ApplianceIdentity appliance, HardwareBinding hardware) {
    return isWell(licence)
        && licence.getBindHardware()
        && licence.getHardware().length == 0
        && !hardware.hashByKind().isEmpty()
        && appliance.appliance().value().equals(licence.getApplianceId());
  }

  private static HardwareBinding hardware(LeaseRequest request) {
    try {
      return HardwareBinding.ofDigests(request.hardware());
    } catch (IllegalArgumentException e) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "the hardware of the lease request cannot be read: " + e.getMessage(),
          "Each entry is kind=SHA-256 in hex.",
          e);
    }
  }

  /** The answer to the same request was lost; nothing changed since. */
  private static boolean isRepeated(LeaseRecord held, LicenceRecord licence, LeaseRequest request) {
    return held.getNonce().equals(request.nonce())
        && held.getLicenceId().equals(licence.getLicenceId());
  }

  private LeaseRecord sign(
      DSLContext dsl,
      ApplianceIdentity appliance,
      LicenceRecord licence,
      Optional<LeaseRecord> held,
      LeaseRequest request,
      Instant now) {
    Lease lease =
        new Lease(
            new LicenceId(licence.getLicenceId()),
            appliance.appliance(),
            held.map(LeaseRecord::getSequence).orElse(0L) + 1,
            now,
            now,
            now.plus(settings.lease()));
    LeaseRecord row = dsl.newRecord(LEASE);
    row.setMspId(appliance.msp().value());
    row.setCustomerId(appliance.customer().value());
    row.setApplianceId(appliance.appliance().value());
    row.setLicenceId(licence.getLicenceId());
    row.setSequence(lease.sequence());
    row.setNonce(request.nonce());
    row.setIssuedAt(lease.issuedAt().atOffset(ZoneOffset.UTC));
    row.setExpiresAt(lease.expiresAt().atOffset(ZoneOffset.UTC));
    row.setJws(issuer.sign(lease, issuer.keyFor(request.trusted())).jws());
    row.setTrustedKeys(request.trusted().toArray(String[]::new));
    dsl.insertInto(LEASE)
        .set(row)
        .onConflict(LEASE.MSP_ID, LEASE.CUSTOMER_ID, LEASE.APPLIANCE_ID)
        .doUpdate()
        .set(row)
        .execute();
    return row;
  }

  private static Issued answer(
      LicenceRecord licence, LeaseRecord lease, Optional<String> trust, Instant now) {
    return new Issued(
        new LeaseAnswer(licence.getJws(), lease.getJws(), now, trust), lease.getSequence());
  }

  private static void refuse(
      LicenceRecord licence, ApplianceIdentity appliance, HardwareBinding hardware, Instant now) {
    if (licence.getRevokedAt() != null) {
      throw over(licence, "was revoked" + why(licence.getRevokeReason()));
    }
    if (licence.getSuspendedAt() != null) {
      throw over(licence, "is suspended" + why(licence.getSuspendReason()));
    }
    if (!now.isBefore(licence.getValidTo().toInstant())) {
      throw over(licence, "ended at " + licence.getValidTo().toInstant());
    }
    if (licence.getApplianceId() != null
        && !licence.getApplianceId().equals(appliance.appliance().value())) {
      throw elsewhere(licence, "is for appliance " + licence.getApplianceId() + " only");
    }
    HardwareBinding bound = HardwareBinding.ofDigests(Arrays.asList(licence.getHardware()));
    if (!bound.holdsAmong(hardware)) {
      throw elsewhere(
          licence,
          "is bound to other hardware: fewer than "
              + bound.needed()
              + " of its "
              + bound.hashByKind().size()
              + " components were found");
    }
  }

  private static String why(@Nullable String reason) {
    return reason == null ? "" : ": " + reason;
  }

  private static SendenseException over(LicenceRecord licence, String what) {
    return new SendenseException(
        ErrorCode.LICENCE_EXPIRED,
        "licence " + licence.getLicenceId() + " " + what,
        "Ask your provider to renew it. Restores go on without it.");
  }

  private static SendenseException elsewhere(LicenceRecord licence, String what) {
    return new SendenseException(
        ErrorCode.LICENCE_INVALID,
        "licence " + licence.getLicenceId() + " " + what,
        "Ask your provider to transfer it. Restores go on without it.");
  }

  private static SendenseException noLicence(ApplianceIdentity appliance) {
    return new SendenseException(
        ErrorCode.LICENCE_INVALID,
        "customer " + appliance.customer() + " has no licence",
        "Ask your provider for one; until then the community edition applies.");
  }
}
