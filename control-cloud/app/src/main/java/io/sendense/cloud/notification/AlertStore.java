package io.sendense.cloud.notification;

import static io.sendense.cloud.db.notification.Tables.ALERT;
import static io.sendense.cloud.db.notification.Tables.ALERT_HISTORY;

import io.sendense.cloud.db.notification.tables.records.AlertRecord;
import io.sendense.cloud.notification.AlertBook.Open;
import io.sendense.cloud.notification.AlertBook.Step;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;

/** Alerts and their history in the database. */
final class AlertStore {
  static final String SYSTEM = "system:alerts";

  private AlertStore() {}

  static List<Open> open(DSLContext dsl, UUID msp) {
    return dsl
        .selectFrom(ALERT)
        .where(ALERT.MSP_ID.eq(msp))
        .and(ALERT.RESOLVED_AT.isNull())
        .fetch()
        .stream()
        .filter(row -> AlertKind.of(row.getKind()).isPresent())
        .map(AlertStore::open)
        .toList();
  }

  private static Open open(AlertRecord row) {
    return new Open(
        row.getAlertId(),
        row.getCustomerId(),
        AlertKind.of(row.getKind()).orElseThrow(),
        row.getSubject(),
        Severity.of(row.getSeverity()).orElseThrow(),
        row.getMessage(),
        row.getOpenedAt().toInstant(),
        row.getAcknowledgedAt() != null,
        row.getEscalatedAt() != null);
  }

  /** Does one step and gives the alert's identity. */
  static UUID apply(DSLContext dsl, UUID msp, Step step, Instant now) {
    OffsetDateTime at = now.atOffset(ZoneOffset.UTC);
    return switch (step) {
      case Step.Begin begin -> begin(dsl, msp, begin.finding(), at);
      case Step.Change change -> {
        Open alert = change.alert();
        dsl.update(ALERT)
            .set(ALERT.SEVERITY, change.severity().word())
            .set(ALERT.MESSAGE, change.message())
            .where(ALERT.MSP_ID.eq(msp))
            .and(ALERT.CUSTOMER_ID.eq(alert.customer()))
            .and(ALERT.ALERT_ID.eq(alert.id()))
            .execute();
        yield note(dsl, msp, alert, "changed", change.message(), at);
      }
      case Step.Escalate escalate -> {
        Open alert = escalate.alert();
        dsl.update(ALERT)
            .set(ALERT.SEVERITY, Severity.CRITICAL.word())
            .set(ALERT.ESCALATED_AT, at)
            .where(ALERT.MSP_ID.eq(msp))
            .and(ALERT.CUSTOMER_ID.eq(alert.customer()))
            .and(ALERT.ALERT_ID.eq(alert.id()))
            .execute();
        yield note(dsl, msp, alert, "escalated", "Nobody acknowledged it in time.", at);
      }
      case Step.End end -> {
        Open alert = end.alert();
        dsl.update(ALERT)
            .set(ALERT.RESOLVED_AT, at)
            .where(ALERT.MSP_ID.eq(msp))
            .and(ALERT.CUSTOMER_ID.eq(alert.customer()))
            .and(ALERT.ALERT_ID.eq(alert.id()))
            .execute();
        yield note(dsl, msp, alert, "resolved", "Its cause is gone.", at);
      }
    };
  }

  private static UUID begin(
      DSLContext dsl, UUID msp, Evaluation.Finding finding, OffsetDateTime at) {
    AlertRecord row =
        dsl.insertInto(ALERT)
            .set(ALERT.MSP_ID, msp)
            .set(ALERT.CUSTOMER_ID, finding.customer())
            .set(ALERT.KIND, finding.kind().word())
            .set(ALERT.SUBJECT, finding.subject())
            .set(ALERT.SEVERITY, finding.severity().word())
            .set(ALERT.MESSAGE, finding.message())
            .set(ALERT.OPENED_AT, at)
            .returning()
            .fetchSingle();
    note(dsl, row, "opened", SYSTEM, finding.message(), at);
    return row.getAlertId();
  }

  private static UUID note(
      DSLContext dsl, UUID msp, Open alert, String what, String text, OffsetDateTime at) {
    AlertRecord row = new AlertRecord();
    row.setMspId(msp);
    row.setCustomerId(alert.customer());
    row.setAlertId(alert.id());
    note(dsl, row, what, SYSTEM, text, at);
    return alert.id();
  }

  static void note(
      DSLContext dsl,
      AlertRecord alert,
      String what,
      String actor,
      String text,
      OffsetDateTime at) {
    dsl.insertInto(ALERT_HISTORY)
        .set(ALERT_HISTORY.MSP_ID, alert.getMspId())
        .set(ALERT_HISTORY.CUSTOMER_ID, alert.getCustomerId())
        .set(ALERT_HISTORY.ALERT_ID, alert.getAlertId())
        .set(ALERT_HISTORY.AT, at)
        .set(ALERT_HISTORY.WHAT, what)
        .set(ALERT_HISTORY.ACTOR, actor)
        .set(ALERT_HISTORY.TEXT, text)
        .execute();
  }
}
