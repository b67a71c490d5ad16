package io.sendense.cloud.metering;

import static io.sendense.cloud.db.metering.Tables.RECORD;
import static io.sendense.cloud.db.protection.Tables.VM;

import io.sendense.billing.metering.UsageRecordId;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.db.metering.tables.records.RecordRecord;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.cloud.web.Findings;
import io.sendense.cloud.web.Page;
import io.sendense.cloud.web.PageRequest;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/customers/{customerId}/usage-records")
class UsageController {
  private final ScopedTx tx;

  UsageController(ScopedTx tx) {
    this.tx = tx;
  }

  @GetMapping
  Page<UsageRecordView> list(
      Caller caller,
      @PathVariable String customerId,
      @RequestParam @Nullable String day,
      @RequestParam @Nullable Integer limit,
      @RequestParam @Nullable String cursor) {
    PageRequest page = PageRequest.of(limit, cursor);
    Optional<LocalDate> ofDay = Optional.ofNullable(day).map(UsageController::day);
    Optional<UsageRecordId> after = page.after().map(UsageController::cursor);
    return tx.run(
        caller.scope(),
        dsl -> {
          CustomerRef customer = Customers.require(dsl, customerId);
          List<RecordRecord> rows =
              dsl.selectFrom(RECORD)
                  .where(RECORD.MSP_ID.eq(customer.msp().value()))
                  .and(RECORD.CUSTOMER_ID.eq(customer.customer().value()))
                  .and(ofDay.map(on -> during(on, customer)).orElse(DSL.noCondition()))
                  .and(after.map(id -> past(dsl, customer, id)).orElse(DSL.noCondition()))
                  .orderBy(
                      RECORD.HOUR,
                      RECORD.APPLIANCE_ID,
                      RECORD.STREAM,
                      RECORD.EPOCH,
                      RECORD.SEQUENCE)
                  .limit(page.limitAndOne())
                  .fetch();
          Map<UUID, String> names = names(dsl, customer);
          return Page.of(
              rows,
              page,
              row -> view(row, names),
              row -> UsageRecords.decode(row.getContent()).id().toString());
        });
  }

  private static Condition during(LocalDate day, CustomerRef customer) {
    OffsetDateTime from = day.atStartOfDay(customer.zone()).toOffsetDateTime();
    OffsetDateTime to = day.plusDays(1).atStartOfDay(customer.zone()).toOffsetDateTime();
    return RECORD.HOUR.ge(from).and(RECORD.HOUR.lt(to));
  }

  /** Records are never removed, so the one that a cursor names is there for whoever saw it. */
  private static Condition past(DSLContext dsl, CustomerRef customer, UsageRecordId id) {
    OffsetDateTime hour =
        dsl.select(RECORD.HOUR)
            .from(RECORD)
            .where(RECORD.MSP_ID.eq(customer.msp().value()))
            .and(RECORD.CUSTOMER_ID.eq(customer.customer().value()))
            .and(RECORD.APPLIANCE_ID.eq(id.chain().appliance().value()))
            .and(RECORD.STREAM.eq(id.chain().stream()))
            .and(RECORD.EPOCH.eq(id.chain().epoch()))
            .and(RECORD.SEQUENCE.eq(id.sequence()))
            .fetchOptional(RECORD.HOUR)
            .orElseThrow(() -> Customers.notFound("usage record", id));
    return DSL.row(RECORD.HOUR, RECORD.APPLIANCE_ID, RECORD.STREAM, RECORD.EPOCH, RECORD.SEQUENCE)
        .gt(
            hour,
            id.chain().appliance().value(),
            id.chain().stream(),
            id.chain().epoch(),
            id.sequence());
  }

  private static Map<UUID, String> names(DSLContext dsl, CustomerRef customer) {
    return dsl.select(VM.VM_ID, VM.NAME)
        .from(VM)
        .where(VM.MSP_ID.eq(customer.msp().value()))
        .and(VM.CUSTOMER_ID.eq(customer.customer().value()))
        .fetchMap(VM.VM_ID, VM.NAME);
  }

  private static UsageRecordView view(RecordRecord row, Map<UUID, String> names) {
    return UsageRecordView.of(
        UsageRecords.decode(row.getContent()), row.getAcceptedAt().toInstant(), names);
  }

  private static LocalDate day(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw refused("day", "is not a date such as 2026-11-20");
    }
  }

  private static UsageRecordId cursor(String text) {
    try {
      return UsageRecordId.parse(text);
    } catch (RuntimeException e) {
      throw refused("cursor", "is not the nextCursor of a page");
    }
  }

  private static RuntimeException refused(String field, String message) {
    Findings findings = new Findings();
    findings.add(field, message);
    findings.orRefuse();
    return new IllegalStateException("a finding always refuses");
  }
}
