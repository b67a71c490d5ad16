package io.sendense.cloud.notification;

import static io.sendense.cloud.db.notification.Tables.RULE;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;

/** The rules that people set. */
final class RuleStore {
  private RuleStore() {}

  static Rules read(DSLContext dsl, UUID msp) {
    Map<Rules.Key, Rule> set = new HashMap<>();
    dsl.selectFrom(RULE)
        .where(RULE.MSP_ID.eq(msp))
        .forEach(
            row ->
                AlertKind.of(row.getKind())
                    .ifPresent(
                        kind ->
                            set.put(
                                new Rules.Key(row.getCustomerId(), kind),
                                new Rule(
                                    row.getEnabled(),
                                    Severity.of(row.getSeverity()).orElseThrow(),
                                    row.getThreshold(),
                                    row.getEscalateSeconds()))));
    return new Rules(set);
  }

  static void set(DSLContext dsl, UUID msp, UUID customer, AlertKind kind, Rule rule, Instant now) {
    dsl.insertInto(RULE)
        .set(RULE.MSP_ID, msp)
        .set(RULE.CUSTOMER_ID, customer)
        .set(RULE.KIND, kind.word())
        .set(RULE.ENABLED, rule.enabled())
        .set(RULE.SEVERITY, rule.severity().word())
        .set(RULE.THRESHOLD, rule.threshold())
        .set(RULE.ESCALATE_SECONDS, rule.escalateSeconds())
        .set(RULE.CHANGED_AT, now.atOffset(ZoneOffset.UTC))
        .onDuplicateKeyUpdate()
        .set(RULE.ENABLED, rule.enabled())
        .set(RULE.SEVERITY, rule.severity().word())
        .set(RULE.THRESHOLD, rule.threshold())
        .set(RULE.ESCALATE_SECONDS, rule.escalateSeconds())
        .set(RULE.CHANGED_AT, now.atOffset(ZoneOffset.UTC))
        .execute();
  }
}
