package io.sendense.cloud.reporting;

import static io.sendense.cloud.db.protection.Tables.JOB;
import static io.sendense.cloud.db.protection.Tables.POLICY;
import static io.sendense.cloud.db.protection.Tables.POLICY_VM;
import static io.sendense.cloud.db.protection.Tables.RESTORE_POINT;
import static io.sendense.cloud.db.protection.Tables.VM;

import io.sendense.cloud.reporting.ProtectionMonth.Behind;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.web.Months;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record4;
import org.jooq.impl.DSL;

/** Reads a customer's month. */
final class ProtectionMonths {
  /** One backup that comes late is the next one's business. */
  private static final int INTERVALS = 2;

  private ProtectionMonths() {}

  static ProtectionMonth of(DSLContext dsl, CustomerRef customer, YearMonth month, Instant now) {
    Condition vms =
        VM.MSP_ID
            .eq(customer.msp().value())
            .and(VM.CUSTOMER_ID.eq(customer.customer().value()))
            .and(VM.GONE.isFalse());
    long succeeded = backups(dsl, customer, month, JOB.STATE.eq("succeeded"));
    long failed = backups(dsl, customer, month, JOB.STATE.eq("failed"));
    var points =
        dsl.select(DSL.count(), DSL.coalesce(DSL.sum(RESTORE_POINT.STORED_BYTES), DSL.zero()))
            .from(RESTORE_POINT)
            .where(RESTORE_POINT.MSP_ID.eq(customer.msp().value()))
            .and(RESTORE_POINT.CUSTOMER_ID.eq(customer.customer().value()))
            .and(RESTORE_POINT.GONE_AT.isNull())
            .fetchSingle();
    var covered = covered(dsl, customer);
    return new ProtectionMonth(
        customer.customer().value(),
        customer.name(),
        customer.zone().getId(),
        dsl.fetchCount(VM, vms),
        covered.size(),
        succeeded,
        failed,
        ProtectionMonth.rate(succeeded, failed),
        points.value1(),
        points.value2().longValueExact(),
        behind(covered, now));
  }

  private static long backups(
      DSLContext dsl, CustomerRef customer, YearMonth month, Condition outcome) {
    return dsl.fetchCount(
        JOB,
        JOB.MSP_ID
            .eq(customer.msp().value())
            .and(JOB.CUSTOMER_ID.eq(customer.customer().value()))
            .and(JOB.KIND.eq("backup"))
            .and(outcome)
            .and(JOB.FINISHED_AT.ge(utc(Months.from(month, customer.zone()))))
            .and(JOB.FINISHED_AT.lt(utc(Months.to(month, customer.zone())))));
  }

  /** Each covered machine with its shortest interval and its newest point. */
  private static List<Record4<UUID, String, Long, OffsetDateTime>> covered(
      DSLContext dsl, CustomerRef customer) {
    var newest =
        DSL.field(
            dsl.select(DSL.max(RESTORE_POINT.CAPTURED_AT))
                .from(RESTORE_POINT)
                .where(RESTORE_POINT.MSP_ID.eq(VM.MSP_ID))
                .and(RESTORE_POINT.CUSTOMER_ID.eq(VM.CUSTOMER_ID))
                .and(RESTORE_POINT.VM_ID.eq(VM.VM_ID))
                .and(RESTORE_POINT.GONE_AT.isNull()));
    return dsl.select(VM.VM_ID, VM.NAME, DSL.min(POLICY.INTERVAL_SECONDS), newest)
        .from(VM)
        .join(POLICY_VM)
        .on(POLICY_VM.MSP_ID.eq(VM.MSP_ID))
        .and(POLICY_VM.CUSTOMER_ID.eq(VM.CUSTOMER_ID))
        .and(POLICY_VM.VM_ID.eq(VM.VM_ID))
        .join(POLICY)
        .on(POLICY.MSP_ID.eq(POLICY_VM.MSP_ID))
        .and(POLICY.CUSTOMER_ID.eq(POLICY_VM.CUSTOMER_ID))
        .and(POLICY.POLICY_ID.eq(POLICY_VM.POLICY_ID))
        .where(VM.MSP_ID.eq(customer.msp().value()))
        .and(VM.CUSTOMER_ID.eq(customer.customer().value()))
        .and(VM.GONE.isFalse())
        .groupBy(VM.MSP_ID, VM.CUSTOMER_ID, VM.VM_ID, VM.NAME)
        .orderBy(VM.NAME, VM.VM_ID)
        .fetch();
  }

  private static List<Behind> behind(
      List<Record4<UUID, String, Long, OffsetDateTime>> covered, Instant now) {
    List<Behind> behind = new ArrayList<>();
    for (var vm : covered) {
      Optional<Instant> newest = Optional.ofNullable(vm.value4()).map(OffsetDateTime::toInstant);
      Duration most = Duration.ofSeconds(vm.value3()).multipliedBy(INTERVALS);
      if (newest.isEmpty() || newest.get().plus(most).isBefore(now)) {
        behind.add(new Behind(vm.value1(), vm.value2(), vm.value3(), newest));
      }
    }
    return behind;
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
