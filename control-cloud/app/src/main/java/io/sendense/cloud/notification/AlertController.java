package io.sendense.cloud.notification;

import static io.sendense.cloud.db.notification.Tables.ALERT;
import static io.sendense.cloud.db.notification.Tables.ALERT_HISTORY;

import io.sendense.cloud.audit.AuditEvent;
import io.sendense.cloud.audit.AuditLog;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.db.notification.tables.records.AlertRecord;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.cloud.web.Change;
import io.sendense.cloud.web.ChangeFeed;
import io.sendense.cloud.web.Findings;
import io.sendense.cloud.web.Idempotency;
import io.sendense.cloud.web.Page;
import io.sendense.cloud.web.PageRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1")
class AlertController {
  private static final int HISTORY = 200;

  private final ScopedTx tx;
  private final Idempotency idempotency;
  private final AuditLog audit;
  private final ChangeFeed changes;
  private final InstantSource clock;

  AlertController(
      ScopedTx tx,
      Idempotency idempotency,
      AuditLog audit,
      ChangeFeed changes,
      InstantSource clock) {
    this.tx = tx;
    this.idempotency = idempotency;
    this.audit = audit;
    this.changes = changes;
    this.clock = clock;
  }

  record AlertView(
      UUID id,
      UUID customerId,
      String kind,
      String subject,
      String severity,
      String state,
      String message,
      Instant openedAt,
      Optional<Instant> acknowledgedAt,
      Optional<String> acknowledgedBy,
      Optional<Instant> escalatedAt,
      Optional<Instant> resolvedAt) {}

  record Note(Instant at, String what, String actor, String text) {}

  record AlertDetail(AlertView alert, List<Note> history) {}

  record Comment(@Nullable String text) {}

  @GetMapping("/alerts")
  Page<AlertView> list(
      Caller caller,
      @RequestParam @Nullable String customerId,
      @RequestParam @Nullable String severity,
      @RequestParam @Nullable String state,
      @RequestParam @Nullable Integer limit,
      @RequestParam @Nullable String cursor) {
    PageRequest page = PageRequest.of(limit, cursor);
    Condition which = severity(severity).and(state(state));
    return tx.run(
        caller.scope(),
        dsl ->
            Page.newestFirst(
                dsl,
                ALERT,
                ALERT.ALERT_ID,
                which.and(Customers.narrowed(dsl, customerId, ALERT.CUSTOMER_ID)),
                page,
                AlertController::view));
  }

  @GetMapping("/customers/{customerId}/alerts/{alertId}")
  AlertDetail get(Caller caller, @PathVariable String customerId, @PathVariable String alertId) {
    return tx.run(
        caller.scope(),
        dsl -> {
          CustomerRef customer = Customers.require(dsl, customerId);
          UUID id = id(alertId);
          return dsl.selectFrom(ALERT)
              .where(of(customer, id))
              .fetchOptional(row -> detail(dsl, row))
              .orElseThrow(() -> Customers.notFound("alert", id));
        });
  }

  @PostMapping("/customers/{customerId}/alerts/{alertId}/acknowledge")
  ResponseEntity<Object> acknowledge(
      Caller caller,
      @PathVariable String customerId,
      @PathVariable String alertId,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
    return idempotency.run(
        caller,
        key,
        "POST acknowledge " + customerId + " " + alertId,
        "",
        HttpStatus.OK,
        dsl -> {
          CustomerRef customer = Customers.require(dsl, customerId);
          AlertRecord row = require(dsl, customer, alertId);
          if (row.getAcknowledgedAt() == null && row.getResolvedAt() == null) {
            Instant now = clock.instant();
            row.setAcknowledgedAt(now.atOffset(ZoneOffset.UTC));
            row.setAcknowledgedBy(caller.username());
            row.update();
            done(dsl, caller, customer, row, "acknowledged", "", now);
          }
          return detail(dsl, row);
        });
  }

  @PostMapping("/customers/{customerId}/alerts/{alertId}/comments")
  ResponseEntity<Object> comment(
      Caller caller,
      @PathVariable String customerId,
      @PathVariable String alertId,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestBody Comment request) {
    Findings findings = new Findings();
    String text = findings.text(request.text(), "text", 1, 2000);
    findings.orRefuse();
    return idempotency.run(
        caller,
        key,
        "POST comment " + customerId + " " + alertId,
        request,
        HttpStatus.CREATED,
        dsl -> {
          CustomerRef customer = Customers.require(dsl, customerId);
          AlertRecord row = require(dsl, customer, alertId);
          done(dsl, caller, customer, row, "commented", text, clock.instant());
          return detail(dsl, row);
        });
  }

  private void done(
      DSLContext dsl,
      Caller caller,
      CustomerRef customer,
      AlertRecord row,
      String what,
      String text,
      Instant now) {
    AlertStore.note(dsl, row, what, caller.username(), text, now.atOffset(ZoneOffset.UTC));
    audit.record(
        dsl,
        AuditEvent.of(
            customer.msp(),
            customer.customer(),
            caller.username(),
            "alert." + what,
            row.getAlertId(),
            Map.of("kind", row.getKind(), "subject", row.getSubject())));
    changes.announce(
        dsl, Change.of("alert", customer.msp(), customer.customer(), row.getAlertId(), now));
  }

  private static Condition severity(@Nullable String wanted) {
    if (wanted == null) {
      return DSL.noCondition();
    }
    Findings findings = new Findings();
    Optional<Severity> severity = findings.word(wanted, "severity", Severity::of, Severity.WORDS);
    findings.orRefuse();
    return ALERT.SEVERITY.eq(severity.orElseThrow().word());
  }

  private static Condition state(@Nullable String wanted) {
    if (wanted == null) {
      return DSL.noCondition();
    }
    return switch (wanted) {
      case "open" -> ALERT.RESOLVED_AT.isNull().and(ALERT.ACKNOWLEDGED_AT.isNull());
      case "acknowledged" -> ALERT.RESOLVED_AT.isNull().and(ALERT.ACKNOWLEDGED_AT.isNotNull());
      case "resolved" -> ALERT.RESOLVED_AT.isNotNull();
      default -> {
        Findings findings = new Findings();
        findings.add("state", "must be one of open, acknowledged, resolved");
        findings.orRefuse();
        yield DSL.noCondition();
      }
    };
  }

  /** Locked until the transaction ends: an evaluation and a person take turns. */
  private static AlertRecord require(DSLContext dsl, CustomerRef customer, String alertId) {
    UUID id = id(alertId);
    return dsl.selectFrom(ALERT)
        .where(of(customer, id))
        .forUpdate()
        .fetchOptional()
        .orElseThrow(() -> Customers.notFound("alert", id));
  }

  private static UUID id(String alertId) {
    Findings findings = new Findings();
    UUID id = findings.id(alertId, "alertId");
    findings.orRefuse();
    return id;
  }

  private static Condition of(CustomerRef customer, UUID alert) {
    return ALERT
        .MSP_ID
        .eq(customer.msp().value())
        .and(ALERT.CUSTOMER_ID.eq(customer.customer().value()))
        .and(ALERT.ALERT_ID.eq(alert));
  }

  private static AlertDetail detail(DSLContext dsl, AlertRecord row) {
    return new AlertDetail(
        view(row),
        dsl.selectFrom(ALERT_HISTORY)
            .where(ALERT_HISTORY.MSP_ID.eq(row.getMspId()))
            .and(ALERT_HISTORY.CUSTOMER_ID.eq(row.getCustomerId()))
            .and(ALERT_HISTORY.ALERT_ID.eq(row.getAlertId()))
            .orderBy(ALERT_HISTORY.NUMBER.desc())
            .limit(HISTORY)
            .fetch(
                one ->
                    new Note(
                        one.getAt().toInstant(), one.getWhat(), one.getActor(), one.getText())));
  }

  private static AlertView view(AlertRecord row) {
    String state =
        row.getResolvedAt() != null
            ? "resolved"
            : row.getAcknowledgedAt() != null ? "acknowledged" : "open";
    return new AlertView(
        row.getAlertId(),
        row.getCustomerId(),
        row.getKind(),
        row.getSubject(),
        row.getSeverity(),
        state,
        row.getMessage(),
        row.getOpenedAt().toInstant(),
        time(row.getAcknowledgedAt()),
        Optional.ofNullable(row.getAcknowledgedBy()),
        time(row.getEscalatedAt()),
        time(row.getResolvedAt()));
  }

  private static Optional<Instant> time(@Nullable OffsetDateTime at) {
    return Optional.ofNullable(at).map(OffsetDateTime::toInstant);
  }
}
