package io.sendense.cloud.fleet.internal;

import static io.sendense.cloud.db.fleet.Tables.APPLIANCE;
import static io.sendense.cloud.db.fleet.Tables.CERTIFICATE;
import static io.sendense.cloud.db.fleet.Tables.ENROLMENT_TOKEN;

import io.sendense.cloud.audit.AuditEvent;
import io.sendense.cloud.audit.AuditLog;
import io.sendense.cloud.db.Scope;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.db.fleet.tables.records.ApplianceRecord;
import io.sendense.cloud.db.fleet.tables.records.EnrolmentTokenRecord;
import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.cloud.fleet.internal.FleetStore.Enrolled;
import io.sendense.cloud.fleet.internal.FleetStore.Known;
import io.sendense.cloud.fleet.internal.FleetStore.State;
import io.sendense.cloud.web.Change;
import io.sendense.cloud.web.ChangeFeed;
import io.sendense.domain.ApplianceId;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;

/** Tokens, appliances and certificates in the database. */
final class Enrolments {
  private final ScopedTx tx;
  private final AuditLog audit;
  private final ChangeFeed feed;

  Enrolments(ScopedTx tx, AuditLog audit, ChangeFeed feed) {
    this.tx = tx;
    this.audit = audit;
    this.feed = feed;
  }

  Enrolled enrol(EnrolmentToken token, byte[] keyHash, String name, Instant now) {
    return tx.run(
        Scope.customer(token.msp(), token.customer()),
        dsl -> {
          Optional<EnrolmentTokenRecord> row =
              dsl.selectFrom(ENROLMENT_TOKEN)
                  .where(ENROLMENT_TOKEN.MSP_ID.eq(token.msp().value()))
                  .and(ENROLMENT_TOKEN.CUSTOMER_ID.eq(token.customer().value()))
                  .and(ENROLMENT_TOKEN.TOKEN_ID.eq(token.id()))
                  .forUpdate()
                  .fetchOptional();
          if (row.isEmpty() || !MessageDigest.isEqual(row.get().getSecretHash(), token.hash())) {
            return new Enrolled.UnknownToken();
          }
          return enrol(dsl, token, row.get(), keyHash, name, now);
        });
  }

  private Enrolled enrol(
      DSLContext dsl,
      EnrolmentToken token,
      EnrolmentTokenRecord row,
      byte[] keyHash,
      String name,
      Instant now) {
    byte[] usedBy = row.getUsedByKey();
    if (usedBy != null && !MessageDigest.isEqual(usedBy, keyHash)) {
      return new Enrolled.UsedToken();
    }
    if (!now.isBefore(row.getExpiresAt().toInstant())) {
      return new Enrolled.ExpiredToken(row.getExpiresAt().toInstant());
    }
    UUID known = row.getApplianceId();
    UUID replaced = row.getReplacesApplianceId();
    ApplianceIdentity identity =
        known == null
            ? replaced == null
                ? create(dsl, token, row, keyHash, name, now)
                : replace(dsl, token, row, replaced, keyHash, now)
            : new ApplianceIdentity(token.msp(), token.customer(), new ApplianceId(known));
    ApplianceRecord appliance = Rows.find(dsl, identity).orElseThrow();
    return switch (state(appliance)) {
      case ACTIVE -> new Enrolled.Accepted(identity);
      case PENDING -> new Enrolled.Waiting(identity);
      case RETIRED -> new Enrolled.Banned("it was retired");
      case BANNED ->
          new Enrolled.Banned(
              Optional.ofNullable(appliance.getStateReason()).orElse("no reason was given"));
    };
  }

  private ApplianceIdentity create(
      DSLContext dsl,
      EnrolmentToken token,
      EnrolmentTokenRecord row,
      byte[] keyHash,
      String name,
      Instant now) {
    boolean waits = row.getApproval().equals("manual");
    UUID id =
        dsl.insertInto(APPLIANCE)
            .set(APPLIANCE.MSP_ID, token.msp().value())
            .set(APPLIANCE.CUSTOMER_ID, token.customer().value())
            .set(APPLIANCE.SITE_ID, row.getSiteId())
            .set(APPLIANCE.NAME, name)
            .set(APPLIANCE.STATE, waits ? "pending" : "active")
            .set(APPLIANCE.ENROLLED_AT, Rows.time(now))
            .returningResult(APPLIANCE.APPLIANCE_ID)
            .fetchSingle()
            .value1();
    use(dsl, token, keyHash, id, now);
    ApplianceIdentity identity =
        new ApplianceIdentity(token.msp(), token.customer(), new ApplianceId(id));
    audit.record(
        dsl,
        AuditEvent.of(
            token.msp(),
            token.customer(),
            "appliance:" + id,
            "appliance.enrol",
            id,
            Map.of("token", token.id().toString(), "name", name)));
    feed.announce(dsl, Change.of("appliance", token.msp(), token.customer(), id, now));
    return identity;
  }

  /**
   * The machine that enrols takes over the identity. What the old one held (session, lease, report)
   * counts no more, so it is taken for a copy when it calls again.
   */
  private ApplianceIdentity replace(
      DSLContext dsl,
      EnrolmentToken token,
      EnrolmentTokenRecord row,
      UUID replaced,
      byte[] keyHash,
      Instant now) {
    ApplianceIdentity identity =
        new ApplianceIdentity(token.msp(), token.customer(), new ApplianceId(replaced));
    ApplianceRecord appliance = Rows.locked(dsl, identity).orElseThrow();
    if (state(appliance) == State.ACTIVE || state(appliance) == State.PENDING) {
      dsl.update(APPLIANCE)
          .set(APPLIANCE.STATE, row.getApproval().equals("manual") ? "pending" : "active")
          .setNull(APPLIANCE.SESSION_ID)
          .setNull(APPLIANCE.SESSION_UNTIL)
          .setNull(APPLIANCE.LEASE_NONCE)
          .set(APPLIANCE.LEASE_SEQUENCE, 0L)
          .setNull(APPLIANCE.REPORT_EPOCH)
          .setNull(APPLIANCE.REPORT_SEQUENCE)
          .setNull(APPLIANCE.REPORT_HASH)
          .setNull(APPLIANCE.APPLIED_VERSION)
          .where(Rows.isThis(identity))
          .execute();
      use(dsl, token, keyHash, replaced, now);
      audit.record(
          dsl,
          AuditEvent.of(
              token.msp(),
              token.customer(),
              "appliance:" + replaced,
              "appliance.replace",
              replaced,
              Map.of("token", token.id().toString())));
      feed.announce(dsl, Change.of("appliance", token.msp(), token.customer(), replaced, now));
    }
    return identity;
  }

  private static void use(
      DSLContext dsl, EnrolmentToken token, byte[] keyHash, UUID appliance, Instant now) {
    dsl.update(ENROLMENT_TOKEN)
        .set(ENROLMENT_TOKEN.USED_AT, Rows.time(now))
        .set(ENROLMENT_TOKEN.USED_BY_KEY, keyHash)
        .set(ENROLMENT_TOKEN.APPLIANCE_ID, appliance)
        .where(ENROLMENT_TOKEN.TOKEN_ID.eq(token.id()))
        .and(ENROLMENT_TOKEN.MSP_ID.eq(token.msp().value()))
        .execute();
  }

  void issued(ApplianceIdentity identity, BigInteger serial, Instant notAfter, Instant now) {
    int rows =
        tx.run(
            Rows.scope(identity),
            dsl ->
                dsl.insertInto(CERTIFICATE)
                    .set(CERTIFICATE.MSP_ID, identity.msp().value())
                    .set(CERTIFICATE.CUSTOMER_ID, identity.customer().value())
                    .set(CERTIFICATE.APPLIANCE_ID, identity.appliance().value())
                    .set(CERTIFICATE.SERIAL, serial.toString(16))
                    .set(CERTIFICATE.ISSUED_AT, Rows.time(now))
                    .set(CERTIFICATE.NOT_AFTER, Rows.time(notAfter))
                    .execute());
    if (rows != 1) {
      throw new IllegalStateException("the certificate was not put on record");
    }
  }

  Optional<Known> certificate(ApplianceIdentity identity, BigInteger serial) {
    return tx.run(
        Rows.scope(identity),
        dsl -> {
          var found =
              dsl.selectFrom(CERTIFICATE)
                  .where(of(identity))
                  .and(CERTIFICATE.SERIAL.eq(serial.toString(16)))
                  .fetchOptional();
          if (found.isEmpty()) {
            return Optional.empty();
          }
          boolean newer =
              dsl.fetchExists(
                  dsl.selectOne()
                      .from(CERTIFICATE)
                      .where(of(identity))
                      .and(CERTIFICATE.NUMBER.gt(found.get().getNumber()))
                      .and(CERTIFICATE.USED_AT.isNotNull()));
          State state = state(Rows.find(dsl, identity).orElseThrow());
          return Optional.of(new Known(state, found.get().getNotAfter().toInstant(), newer));
        });
  }

  void used(ApplianceIdentity identity, BigInteger serial, Instant now) {
    tx.run(
        Rows.scope(identity),
        dsl ->
            dsl.update(CERTIFICATE)
                .set(CERTIFICATE.USED_AT, Rows.time(now))
                .where(of(identity))
                .and(CERTIFICATE.SERIAL.eq(serial.toString(16)))
                .and(CERTIFICATE.USED_AT.isNull())
                .execute());
  }

  private static Condition of(ApplianceIdentity identity) {
    return CERTIFICATE
        .MSP_ID
        .eq(identity.msp().value())
        .and(CERTIFICATE.CUSTOMER_ID.eq(identity.customer().value()))
        .and(CERTIFICATE.APPLIANCE_ID.eq(identity.appliance().value()));
  }

  static State state(ApplianceRecord row) {
    return State.valueOf(row.getState().toUpperCase(Locale.ROOT));
  }
}
