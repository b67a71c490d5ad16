package io.sendense.cloud.fleet.internal;

import static io.sendense.cloud.db.fleet.Tables.ALERT;
import static io.sendense.cloud.db.fleet.Tables.CERTIFICATE;

import io.sendense.cloud.db.fleet.tables.records.ApplianceRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/**
 * An appliance as openapi.yaml shows it; its health is measured from what it last said and when.
 */
record ApplianceView(
    UUID id,
    UUID customerId,
    UUID siteId,
    String name,
    String state,
    String health,
    Optional<String> healthDetail,
    Optional<String> version,
    Instant enrolledAt,
    Optional<Instant> lastSeenAt,
    Optional<Instant> certificateExpiresAt,
    long desiredVersion,
    Optional<Long> appliedVersion,
    List<Alert> alerts) {
  /** Something that a person should look at. */
  record Alert(String code, String message, Instant at) {}

  /** An appliance polls at least that often, whatever its intervals. */
  private static final Duration LEAST_SILENCE = Duration.ofMinutes(2);

  static ApplianceView of(
      DSLContext dsl, ApplianceRecord row, Instant now, FleetSettings settings) {
    Optional<Instant> seen =
        Optional.ofNullable(row.getLastSeenAt()).map(OffsetDateTime::toInstant);
    String health = health(row, seen, now, settings);
    Optional<String> detail =
        switch (health) {
          case "offline" -> seen.map(at -> "Nothing was heard of it since " + at + ".");
          case "degraded" ->
              Optional.ofNullable(row.getHealthDetail()).filter(text -> !text.isBlank());
          default -> Optional.empty();
        };
    Optional<Instant> expires =
        Optional.ofNullable(
                dsl.select(DSL.max(CERTIFICATE.NOT_AFTER))
                    .from(CERTIFICATE)
                    .where(CERTIFICATE.MSP_ID.eq(row.getMspId()))
                    .and(CERTIFICATE.CUSTOMER_ID.eq(row.getCustomerId()))
                    .and(CERTIFICATE.APPLIANCE_ID.eq(row.getApplianceId()))
                    .fetchSingle()
                    .value1())
            .map(OffsetDateTime::toInstant);
    List<Alert> alerts =
        dsl.selectFrom(ALERT)
            .where(ALERT.MSP_ID.eq(row.getMspId()))
            .and(ALERT.CUSTOMER_ID.eq(row.getCustomerId()))
            .and(ALERT.APPLIANCE_ID.eq(row.getApplianceId()))
            .orderBy(ALERT.AT.desc())
            .limit(50)
            .fetch(a -> new Alert(a.getCode(), a.getMessage(), a.getAt().toInstant()));
    return new ApplianceView(
        row.getApplianceId(),
        row.getCustomerId(),
        row.getSiteId(),
        row.getName(),
        row.getState(),
        health,
        detail,
        Optional.ofNullable(row.getSoftwareVersion()),
        row.getEnrolledAt().toInstant(),
        seen,
        expires,
        row.getDesiredVersion(),
        Optional.ofNullable(row.getAppliedVersion()),
        alerts);
  }

  private static String health(
      ApplianceRecord row, Optional<Instant> seen, Instant now, FleetSettings settings) {
    if (seen.isEmpty() || row.getHealthLevel() == null) {
      return "unknown";
    }
    Duration expected = Duration.ofSeconds(3L * settings.reportSeconds());
    Duration longest = expected.compareTo(LEAST_SILENCE) > 0 ? expected : LEAST_SILENCE;
    if (Duration.between(seen.get(), now).compareTo(longest) > 0) {
      return "offline";
    }
    return "ok".equals(row.getHealthLevel()) ? "ok" : "degraded";
  }
}
