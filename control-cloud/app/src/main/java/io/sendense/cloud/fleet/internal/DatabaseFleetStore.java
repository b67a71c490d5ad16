package io.sendense.cloud.fleet.internal;

import static io.sendense.cloud.db.fleet.Tables.ALERT;
import static io.sendense.cloud.db.fleet.Tables.APPLIANCE;

import io.sendense.cloud.audit.AuditEvent;
import io.sendense.cloud.audit.AuditLog;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.db.fleet.tables.records.ApplianceRecord;
import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.cloud.protection.ApplianceRef;
import io.sendense.cloud.protection.HeldVm;
import io.sendense.cloud.protection.ProtectionState;
import io.sendense.cloud.web.Change;
import io.sendense.cloud.web.ChangeFeed;
import io.sendense.domain.ErrorCode;
import io.sendense.protocol.DesiredState;
import io.sendense.protocol.Health;
import io.sendense.protocol.Intervals;
import io.sendense.protocol.ReportedState;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** The fleet in PostgreSQL, under the row-level security of each appliance's own customer. */
final class DatabaseFleetStore implements FleetStore {
  /** The same alert is written into the audit log again only after this. */
  private static final Duration ALERT_AGAIN = Duration.ofHours(1);

  private final ScopedTx tx;
  private final AuditLog audit;
  private final ChangeFeed feed;
  private final Enrolments enrolments;
  private final ProtectionState protection;
  private final DesiredStates desired;

  DatabaseFleetStore(
      ScopedTx tx,
      AuditLog audit,
      ChangeFeed feed,
      ProtectionState protection,
      Intervals intervals) {
    this.tx = tx;
    this.audit = audit;
    this.feed = feed;
    this.enrolments = new Enrolments(tx, audit, feed);
    this.protection = protection;
    this.desired = new DesiredStates(protection, intervals);
  }

  @Override
  public Enrolled enrol(EnrolmentToken token, byte[] keyHash, String name, Instant now) {
    return enrolments.enrol(token, keyHash, name, now);
  }

  @Override
  public void issued(ApplianceIdentity identity, BigInteger serial, Instant notAfter, Instant now) {
    enrolments.issued(identity, serial, notAfter, now);
  }

  @Override
  public Optional<Known> certificate(ApplianceIdentity identity, BigInteger serial) {
    return enrolments.certificate(identity, serial);
  }

  @Override
  public void used(ApplianceIdentity identity, BigInteger serial, Instant now) {
    enrolments.used(identity, serial, now);
  }

  @Override
  public Holder open(
      ApplianceIdentity identity,
      UUID session,
      long heldSequence,
      UUID nonce,
      Instant now,
      Instant liveUntil) {
    return tx.run(
        Rows.scope(identity),
        dsl -> {
          ApplianceRecord row = Rows.locked(dsl, identity).orElseThrow();
          boolean other = !session.equals(row.getSessionId()) && isLive(row, now);
          boolean newest = heldSequence == row.getLeaseSequence();
          boolean again = nonce.equals(row.getLeaseNonce());
          if (other || !(newest || again)) {
            return Holder.OTHER;
          }
          dsl.update(APPLIANCE)
              .set(APPLIANCE.SESSION_ID, session)
              .set(APPLIANCE.SESSION_UNTIL, Rows.time(liveUntil))
              .set(APPLIANCE.LAST_SEEN_AT, Rows.time(now))
              .where(Rows.isThis(identity))
              .execute();
          return Holder.CALLER;
        });
  }

  @Override
  public void leased(ApplianceIdentity identity, UUID nonce, long sequence) {
    tx.run(
        Rows.scope(identity),
        dsl ->
            dsl.update(APPLIANCE)
                .set(APPLIANCE.LEASE_NONCE, nonce)
                .set(APPLIANCE.LEASE_SEQUENCE, sequence)
                .where(Rows.isThis(identity))
                .execute());
  }

  @Override
  public Holder touch(ApplianceIdentity identity, UUID session, Instant now, Instant liveUntil) {
    return tx.run(
        Rows.scope(identity),
        dsl -> {
          ApplianceRecord row = Rows.locked(dsl, identity).orElseThrow();
          if (!session.equals(row.getSessionId())) {
            return isLive(row, now) ? Holder.OTHER : Holder.NOT_OPEN;
          }
          dsl.update(APPLIANCE)
              .set(APPLIANCE.SESSION_UNTIL, Rows.time(liveUntil))
              .set(APPLIANCE.LAST_SEEN_AT, Rows.time(now))
              .where(Rows.isThis(identity))
              .execute();
          return Holder.CALLER;
        });
  }

  @Override
  public void left(ApplianceIdentity identity, UUID session, Instant now) {
    tx.run(
        Rows.scope(identity),
        dsl ->
            dsl.update(APPLIANCE)
                .set(APPLIANCE.SESSION_UNTIL, Rows.time(now))
                .where(Rows.isThis(identity))
                .and(APPLIANCE.SESSION_ID.eq(session))
                .execute());
  }

  @Override
  public void alert(ApplianceIdentity identity, String code, String message, Instant now) {
    tx.run(
        Rows.scope(identity),
        dsl -> raise(dsl, identity, new Alarm(code, message, DSL.falseCondition()), now));
  }

  /**
   * An alert to be raised.
   *
   * @param anew when it is new although it was raised within {@link #ALERT_AGAIN}
   */
  private record Alarm(String code, String message, Condition anew) {}

  private int raise(DSLContext dsl, ApplianceIdentity identity, Alarm alarm, Instant now) {
    OffsetDateTime at = Rows.time(now);
    int fresh =
        dsl.insertInto(ALERT)
            .set(ALERT.MSP_ID, identity.msp().value())
            .set(ALERT.CUSTOMER_ID, identity.customer().value())
            .set(ALERT.APPLIANCE_ID, identity.appliance().value())
            .set(ALERT.CODE, alarm.code())
            .set(ALERT.MESSAGE, alarm.message())
            .set(ALERT.AT, at)
            .onConflict(ALERT.MSP_ID, ALERT.CUSTOMER_ID, ALERT.APPLIANCE_ID, ALERT.CODE)
            .doUpdate()
            .set(ALERT.MESSAGE, alarm.message())
            .set(ALERT.AT, at)
            .where(ALERT.AT.lt(at.minus(ALERT_AGAIN)))
            .or(alarm.anew())
            .execute();
    if (fresh > 0) {
      audit.record(
          dsl,
          AuditEvent.of(
              identity.msp(),
              identity.customer(),
              "appliance:" + identity.appliance(),
              "appliance.alert",
              identity.appliance(),
              Map.of("code", alarm.code(), "message", alarm.message())));
      feed.announce(dsl, change("appliance", identity, now));
    }
    return fresh;
  }

  @Override
  public DesiredState desired(ApplianceIdentity identity, Instant now) {
    return tx.run(Rows.scope(identity), dsl -> desired.of(dsl, identity));
  }

  @Override
  public Reported report(
      ApplianceIdentity identity, ReportedState state, byte[] hash, Instant now) {
    return tx.run(
        Rows.scope(identity),
        dsl -> {
          ApplianceRecord row = Rows.locked(dsl, identity).orElseThrow();
          Long last = row.getReportSequence();
          if (last != null && state.epoch().equals(row.getReportEpoch())) {
            boolean same = MessageDigest.isEqual(hash, row.getReportHash());
            if (state.sequence() == last && same) {
              return Reported.DUPLICATE;
            }
            if (state.sequence() <= last) {
              return Reported.ROLLED_BACK;
            }
          }
          Health health = state.health();
          dsl.update(APPLIANCE)
              .set(APPLIANCE.REPORT_EPOCH, state.epoch())
              .set(APPLIANCE.REPORT_SEQUENCE, state.sequence())
              .set(APPLIANCE.REPORT_HASH, hash)
              .set(APPLIANCE.LAST_SEEN_AT, Rows.time(now))
              .set(APPLIANCE.SOFTWARE_VERSION, state.softwareVersion())
              .set(APPLIANCE.CLOCK_OFFSET_MILLIS, Duration.between(now, state.clock()).toMillis())
              .set(APPLIANCE.APPLIED_VERSION, state.desiredVersion())
              .set(APPLIANCE.HEALTH_LEVEL, health.level().name().toLowerCase(Locale.ROOT))
              .set(APPLIANCE.HEALTH_DETAIL, String.join(" ", health.warnings()))
              .where(Rows.isThis(identity))
              .execute();
          ApplianceRef from = Rows.ref(identity, row);
          List<HeldVm> held =
              protection.inventory(
                  dsl,
                  from,
                  state.vms(),
                  now,
                  holder -> VmHolders.holds(dsl, identity, holder, now));
          if (!held.isEmpty()) {
            String message = VmHolders.message(held);
            int unused =
                raise(
                    dsl,
                    identity,
                    new Alarm(ErrorCode.ALREADY_EXISTS.id(), message, ALERT.MESSAGE.ne(message)),
                    now);
          }
          protection.points(dsl, from, state.points(), now);
          protection.gone(dsl, from, state.gone(), now);
          protection.jobs(dsl, from, state.jobs(), now);
          protection.results(dsl, from, state.commands(), now);
          return Reported.STORED;
        });
  }

  private static Change change(String type, ApplianceIdentity identity, Instant now) {
    return Change.of(type, identity.msp(), identity.customer(), identity.appliance(), now);
  }

  private static boolean isLive(ApplianceRecord row, Instant now) {
    OffsetDateTime until = row.getSessionUntil();
    return until != null && now.isBefore(until.toInstant());
  }
}
