package io.sendense.cloud.licensing;

import io.sendense.cloud.db.licensing.tables.records.LicenceRecord;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a licence beside what is signed.
 *
 * @param cause why it took the place of the one before: issue, change, renew, bind or transfer
 * @param bindHardware whether it binds itself to the hardware on which its appliance next asks
 * @param renewal how it is renewed by itself, if it is
 */
record Circumstances(String cause, boolean bindHardware, Optional<Renewal> renewal) {

  /** Those of a licence that follows this one. */
  static Circumstances after(LicenceRecord row, String cause) {
    return new Circumstances(
        cause,
        row.getBindHardware(),
        Optional.ofNullable(row.getRenewMonths()).map(months -> new Renewal(months, anchor(row))));
  }

  private static Instant anchor(LicenceRecord row) {
    return Optional.ofNullable(row.getRenewAnchor()).orElseThrow().toInstant();
  }
}
