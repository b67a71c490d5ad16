package io.sendense.cloud.licensing;

import io.sendense.cloud.db.licensing.tables.records.LicenceRecord;
import io.sendense.licensing.grant.Licence;
import io.sendense.licensing.grant.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** A licence as openapi.yaml has it. */
record LicenceView(
    UUID id,
    UUID customerId,
    String edition,
    int maxVms,
    Optional<Long> maxStorageBytes,
    List<String> features,
    Instant validFrom,
    Instant validTo,
    String state,
    String keyId,
    String jws) {

  static LicenceView of(LicenceRecord row, Instant now) {
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
        row.getKeyId(),
        row.getJws());
  }

  /** By the licence's own dates: what an appliance whose lease is always renewed would say. */
  private static String state(LicenceRecord row, Instant now) {
    if (row.getRevokedAt() != null) {
      return "revoked";
    }
    Stage stage =
        Stage.byDates(
            row.getValidTo().toInstant(), Licence.DEFAULT_GRACE, Licence.DEFAULT_RESTRICTED, now);
    return stage.name().toLowerCase(Locale.ROOT);
  }
}
