package io.sendense.cloud.audit;

import static io.sendense.cloud.db.audit.Tables.ENTRY;

import io.sendense.cloud.web.Findings;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * What is looked for in the audit log; what is absent does not narrow it.
 *
 * @param action the whole action, or its beginning up to a dot: {@code policy} finds {@code
 *     policy.create}
 * @param text anywhere in subject or detail, in whatever case
 * @param from first moment
 * @param to first moment after
 */
record AuditSearch(
    @Nullable String actor,
    @Nullable String action,
    @Nullable String subject,
    @Nullable String text,
    @Nullable String from,
    @Nullable String to) {
  private static final int LONGEST = 200;

  Condition check() {
    Findings findings = new Findings();
    Condition actions =
        bounded(action, "action", findings)
            .map(wanted -> ENTRY.ACTION.eq(wanted).or(ENTRY.ACTION.startsWith(wanted + ".")))
            .orElse(DSL.noCondition());
    Condition which =
        exactly(ENTRY.ACTOR, actor, "actor", findings)
            .and(actions)
            .and(exactly(ENTRY.SUBJECT, subject, "subject", findings))
            .and(
                bounded(text, "text", findings)
                    .map(
                        wanted ->
                            ENTRY
                                .DETAIL
                                .containsIgnoreCase(wanted)
                                .or(ENTRY.SUBJECT.containsIgnoreCase(wanted)))
                    .orElse(DSL.noCondition()))
            .and(
                time(from, "from", findings)
                    .map(at -> ENTRY.AT.ge(at.atOffset(ZoneOffset.UTC)))
                    .orElse(DSL.noCondition()))
            .and(
                time(to, "to", findings)
                    .map(at -> ENTRY.AT.lt(at.atOffset(ZoneOffset.UTC)))
                    .orElse(DSL.noCondition()));
    findings.orRefuse();
    return which;
  }

  private static Condition exactly(
      TableField<?, String> column, @Nullable String value, String name, Findings findings) {
    return bounded(value, name, findings).map(column::eq).orElse(DSL.noCondition());
  }

  private static Optional<String> bounded(@Nullable String value, String name, Findings findings) {
    findings.require(
        value == null || (!value.isEmpty() && value.length() <= LONGEST),
        name,
        "must have 1 to " + LONGEST + " characters");
    return Optional.ofNullable(value);
  }

  private static Optional<Instant> time(@Nullable String value, String name, Findings findings) {
    try {
      return Optional.ofNullable(value).map(Instant::parse);
    } catch (DateTimeException e) {
      findings.add(name, "is no time such as 2026-12-01T12:00:00Z");
      return Optional.empty();
    }
  }
}
