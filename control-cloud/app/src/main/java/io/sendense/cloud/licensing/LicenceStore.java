package io.sendense.cloud.licensing;

import static io.sendense.cloud.db.licensing.Tables.LICENCE;

import io.sendense.cloud.db.licensing.tables.records.LicenceRecord;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.licensing.grant.Feature;
import io.sendense.licensing.grant.Licence;
import io.sendense.licensing.issuer.GrantIssuer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jooq.DSLContext;

/** Licences in the database. */
final class LicenceStore {
  private LicenceStore() {}

  /** The licence in force, revoked or not; empty when the customer never had one. */
  static Optional<LicenceRecord> inForce(DSLContext dsl, CustomerRef customer) {
    return dsl.selectFrom(LICENCE)
        .where(LICENCE.MSP_ID.eq(customer.msp().value()))
        .and(LICENCE.CUSTOMER_ID.eq(customer.customer().value()))
        .and(LICENCE.REPLACED_AT.isNull())
        .fetchOptional();
  }

  /** Puts this licence in the place of the one in force. */
  static LicenceRecord replace(DSLContext dsl, Licence licence, GrantIssuer.SignedText signed) {
    Instant now = licence.issuedAt();
    dsl.update(LICENCE)
        .set(LICENCE.REPLACED_AT, now.atOffset(ZoneOffset.UTC))
        .where(LICENCE.MSP_ID.eq(licence.msp().value()))
        .and(LICENCE.CUSTOMER_ID.eq(licence.customer().value()))
        .and(LICENCE.REPLACED_AT.isNull())
        .execute();
    LicenceRecord row = dsl.newRecord(LICENCE);
    row.setMspId(licence.msp().value());
    row.setCustomerId(licence.customer().value());
    row.setLicenceId(licence.id().value());
    row.setEdition(Editions.wire(licence.edition()));
    row.setMaxVms(licence.limits().vms().orElseThrow());
    licence.limits().storageBytes().ifPresent(row::setMaxStorageBytes);
    row.setFeatures(
        licence.features().stream().map(Feature::wireName).sorted().toArray(String[]::new));
    row.setValidFrom(licence.validFrom().atOffset(ZoneOffset.UTC));
    row.setValidTo(licence.validTo().atOffset(ZoneOffset.UTC));
    row.setIssuedAt(now.atOffset(ZoneOffset.UTC));
    row.setKeyId(signed.keyId());
    row.setJws(signed.jws());
    dsl.insertInto(LICENCE).set(row).execute();
    return row;
  }
}
