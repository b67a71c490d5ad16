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
import io.sendense.licensing.grant.Lease;
import io.sendense.licensing.issuer.GrantIssuer;
import io.sendense.protocol.LeaseAnswer;
import io.sendense.protocol.LeaseRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jooq.DSLContext;
import org.springframework.stereotype.Service;

/** Renews leases of the licence in force. */
@Service
class LeaseService implements LeasePort {
  private final ScopedTx tx;
  private final GrantIssuer issuer;
  private final LicensingSettings settings;
  private final InstantSource clock;

  LeaseService(ScopedTx tx, GrantIssuer issuer, LicensingSettings settings, InstantSource clock) {
    this.tx = tx;
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
    LicenceRecord licence =
        LicenceStore.inForce(dsl, customer).orElseThrow(() -> noLicence(appliance));
    refuseOver(licence, now);
    Optional<LeaseRecord> held =
        dsl.selectFrom(LEASE)
            .where(LEASE.MSP_ID.eq(appliance.msp().value()))
            .and(LEASE.CUSTOMER_ID.eq(appliance.customer().value()))
            .and(LEASE.APPLIANCE_ID.eq(appliance.appliance().value()))
            .forUpdate()
            .fetchOptional();
    if (held.isPresent() && isRepeated(held.get(), licence, request)) {
      return answer(licence, held.get(), now);
    }
    return answer(licence, sign(dsl, appliance, licence, held, request, now), now);
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
    row.setJws(issuer.sign(lease).jws());
    dsl.insertInto(LEASE)
        .set(row)
        .onConflict(LEASE.MSP_ID, LEASE.CUSTOMER_ID, LEASE.APPLIANCE_ID)
        .doUpdate()
        .set(row)
        .execute();
    return row;
  }

  private static Issued answer(LicenceRecord licence, LeaseRecord lease, Instant now) {
    return new Issued(new LeaseAnswer(licence.getJws(), lease.getJws(), now), lease.getSequence());
  }

  private static void refuseOver(LicenceRecord licence, Instant now) {
    if (licence.getRevokedAt() != null || !now.isBefore(licence.getValidTo().toInstant())) {
      throw new SendenseException(
          ErrorCode.LICENCE_EXPIRED,
          "licence "
              + licence.getLicenceId()
              + (licence.getRevokedAt() != null
                  ? " was revoked"
                  : " ended at " + licence.getValidTo().toInstant()),
          "Ask your provider to renew it. Restores go on without it.");
    }
  }

  private static SendenseException noLicence(ApplianceIdentity appliance) {
    return new SendenseException(
        ErrorCode.LICENCE_INVALID,
        "customer " + appliance.customer() + " has no licence",
        "Ask your provider for one; until then the community edition applies.");
  }
}
