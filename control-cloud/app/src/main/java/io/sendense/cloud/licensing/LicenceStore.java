package io.sendense.cloud.licensing;

import static io.sendense.cloud.db.licensing.Tables.LICENCE;

import io.sendense.cloud.db.licensing.tables.records.LicenceRecord;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.domain.ApplianceId;
import io.sendense.domain.CustomerId;
import io.sendense.domain.Edition;
import io.sendense.domain.LicenceId;
import io.sendense.domain.MspId;
import io.sendense.licensing.grant.Feature;
import io.sendense.licensing.grant.HardwareBinding;
import io.sendense.licensing.grant.Licence;
import io.sendense.licensing.grant.Limits;
import io.sendense.licensing.issuer.GrantIssuer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
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

  /**
   * The same, kept from being changed or replaced by others until the transaction ends. The row's
   * own lock would not do: who waits for it finds it replaced, and its successor is another row.
   */
  static Optional<LicenceRecord> locked(DSLContext dsl, CustomerRef customer) {
    dsl.execute(
        "select pg_advisory_xact_lock(hashtextextended(?, 0))", "licence " + customer.customer());
    return inForce(dsl, customer);
  }

  /** Whether the customer had a licence of this edition at any time. */
  static boolean everHad(DSLContext dsl, CustomerRef customer, Edition edition) {
    return dsl.fetchExists(
        LICENCE,
        LICENCE
            .MSP_ID
            .eq(customer.msp().value())
            .and(LICENCE.CUSTOMER_ID.eq(customer.customer().value()))
            .and(LICENCE.EDITION.eq(Editions.wire(edition))));
  }

  /** Puts this licence in the place of the one in force. */
  static LicenceRecord replace(
      DSLContext dsl, Licence licence, GrantIssuer.SignedText signed, Circumstances around) {
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
    row.setCause(around.cause());
    licence.appliance().map(ApplianceId::value).ifPresent(row::setApplianceId);
    row.setOfflineSeconds(licence.offline().toSeconds());
    row.setBindHardware(around.bindHardware());
    row.setHardware(licence.hardware().digests().toArray(String[]::new));
    row.setTransfersLeft(licence.transfersLeft());
    around
        .renewal()
        .ifPresent(
            renewal -> {
              row.setRenewMonths(renewal.months());
              row.setRenewAnchor(renewal.anchor().atOffset(ZoneOffset.UTC));
            });
    dsl.insertInto(LICENCE).set(row).execute();
    return row;
  }

  /** The licence as it was signed. */
  static Licence licence(LicenceRecord row) {
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    Arrays.stream(row.getFeatures())
        .forEach(name -> Feature.byWireName(name).ifPresent(features::add));
    return new Licence(
        new LicenceId(row.getLicenceId()),
        new MspId(row.getMspId()),
        new CustomerId(row.getCustomerId()),
        Optional.ofNullable(row.getApplianceId()).map(ApplianceId::new),
        Editions.parse(row.getEdition()).orElseThrow(),
        features,
        new Limits(
            OptionalInt.of(row.getMaxVms()),
            row.getMaxStorageBytes() == null
                ? OptionalLong.empty()
                : OptionalLong.of(row.getMaxStorageBytes())),
        row.getIssuedAt().toInstant(),
        row.getValidFrom().toInstant(),
        row.getValidTo().toInstant(),
        Licence.DEFAULT_GRACE,
        Licence.DEFAULT_RESTRICTED,
        Duration.ofSeconds(row.getOfflineSeconds()),
        HardwareBinding.ofDigests(Arrays.asList(row.getHardware())),
        row.getTransfersLeft());
  }
}
