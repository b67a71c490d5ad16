package io.sendense.cloud.fleet.internal;

import static io.sendense.cloud.db.fleet.Tables.APPLIANCE;

import io.sendense.cloud.db.Scope;
import io.sendense.cloud.db.fleet.tables.records.ApplianceRecord;
import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.cloud.protection.ApplianceRef;
import io.sendense.domain.SiteId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;

/** Shared ways to the rows of one appliance. */
final class Rows {
  private Rows() {}

  static Scope scope(ApplianceIdentity identity) {
    return Scope.customer(identity.msp(), identity.customer());
  }

  static Condition isThis(ApplianceIdentity identity) {
    return APPLIANCE
        .MSP_ID
        .eq(identity.msp().value())
        .and(APPLIANCE.CUSTOMER_ID.eq(identity.customer().value()))
        .and(APPLIANCE.APPLIANCE_ID.eq(identity.appliance().value()));
  }

  static ApplianceRef ref(ApplianceIdentity identity, ApplianceRecord row) {
    return new ApplianceRef(
        identity.msp(), identity.customer(), new SiteId(row.getSiteId()), identity.appliance());
  }

  /** Locked until the transaction ends, so that two callers with one identity take turns. */
  static Optional<ApplianceRecord> locked(DSLContext dsl, ApplianceIdentity identity) {
    return dsl.selectFrom(APPLIANCE).where(isThis(identity)).forUpdate().fetchOptional();
  }

  static Optional<ApplianceRecord> find(DSLContext dsl, ApplianceIdentity identity) {
    return dsl.selectFrom(APPLIANCE).where(isThis(identity)).fetchOptional();
  }

  /** The database keeps microseconds. */
  static OffsetDateTime time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
  }
}
