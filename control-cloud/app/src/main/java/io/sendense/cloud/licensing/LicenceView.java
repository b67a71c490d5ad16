package io.sendense.cloud.licensing;

import io.sendense.cloud.db.licensing.tables.records.LicenceRecord;
import io.sendense.licensing.grant.Licence;
import io.sendense.licensing.grant.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** A licence as openapi.yaml has it. */
public record LicenceView(
    UUID id,
    UUID customerId,
    String edition,
    int maxVms,
    Optional<Long> maxStorageBytes,
    List<String> features,
    Instant validFrom,
    Instant validTo,
    String state,
    Optional<String> stateReason,
    String cause,
    Instant issuedAt,
    Optional<Instant> replacedAt,
    Optional<UUID> applianceId,
    boolean bindHardware,
    Optional<Integer> boundComponents,
    int transfersLeft,
    long offlineDays,
    Optional<Integer> renewMonths,
    String keyId,
    String jws) {

  static LicenceView of(LicenceRecord row, Instant now) {
    int components = row.getHardware().length;
    return new LicenceView(
        row.getLicenceId(),
        row.getCustomerId(),
        row.getEdition(),
        row.getMaxVms(),
        Optional.ofNullable(row.getMaxStorageBytes()),
        List.of(row.getFeatures()),
        row.getValidFrom().toInstant(),
        row.getValidTo().toInstant(),
        state(row, now),
        Optional.ofNullable(
            row.getRevokedAt() != null ? row.getRevokeReason() : row.getSuspendReason()),
        row.getCause(),
        row.getIssuedAt().toInstant(),
        Optional.ofNullable(row.getReplacedAt()).map(java.time.OffsetDateTime::toInstant),
        Optional.ofNullable(row.getApplianceId()),
        row.getBindHardware(),
        components == 0 ? Optional.empty() : Optional.of(components),
        row.getTransfersLeft(),
        Duration.ofSeconds(row.getOfflineSeconds()).toDays(),
        Optional.ofNullable(row.getRenewMonths()),
        row.getKeyId(),
        row.getJws());
  }

  /**
   * What somebody did to it, or else, by the licence's own dates, what an appliance whose lease is
   * always renewed would say.
   */
  static String state(LicenceRecord row, Instant now) {
    if (row.getRevokedAt() != null) {
      return "revoked";
    }
    if (row.getSuspendedAt() != null) {
      return "suspended";
    }
    Stage stage =
        Stage.byDates(
            row.getValidTo().toInstant(), Licence.DEFAULT_GRACE, Licence.DEFAULT_RESTRICTED, now);
    return stage.name().toLowerCase(Locale.ROOT);
  }
}
