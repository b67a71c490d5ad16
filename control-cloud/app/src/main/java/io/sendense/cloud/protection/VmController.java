package io.sendense.cloud.protection;

import static io.sendense.cloud.db.protection.Tables.JOB;
import static io.sendense.cloud.db.protection.Tables.POLICY_VM;
import static io.sendense.cloud.db.protection.Tables.RESTORE_POINT;
import static io.sendense.cloud.db.protection.Tables.VM;

import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.db.protection.tables.records.VmRecord;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.cloud.web.Findings;
import io.sendense.cloud.web.Page;
import io.sendense.cloud.web.PageRequest;
import io.sendense.domain.VmId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@RestController
@RequestMapping("/api/v1")
class VmController {
  private final ScopedTx tx;
  private final JsonMapper json;

  VmController(ScopedTx tx, JsonMapper json) {
    this.tx = tx;
    this.json = json;
  }

  record JobView(
      UUID id,
      String kind,
      String state,
      Instant startedAt,
      Optional<Instant> finishedAt,
      Optional<String> message) {}

  record VmView(
      UUID id,
      UUID customerId,
      UUID siteId,
      UUID applianceId,
      String name,
      String platform,
      JsonNode disks,
      @com.fasterxml.jackson.annotation.JsonProperty("protected") boolean isProtected,
      List<UUID> policyIds,
      int pointCount,
      Optional<Instant> lastPointAt,
      Optional<JobView> lastJob,
      Instant lastReportedAt) {}

  @GetMapping("/vms")
  Page<VmView> list(
      Caller caller,
      @RequestParam @Nullable String customerId,
      @RequestParam(name = "protected") @Nullable Boolean covered,
      @RequestParam @Nullable Integer limit,
      @RequestParam @Nullable String cursor) {
    PageRequest page = PageRequest.of(limit, cursor);
    Condition after = page.after().map(VmController::after).orElse(DSL.noCondition());
    return tx.run(
        caller.scope(),
        dsl -> {
          Condition ofCustomer = Customers.narrowed(dsl, customerId, VM.CUSTOMER_ID);
          Condition hasPolicy =
              DSL.exists(
                  dsl.selectOne()
                      .from(POLICY_VM)
                      .where(POLICY_VM.MSP_ID.eq(VM.MSP_ID))
                      .and(POLICY_VM.CUSTOMER_ID.eq(VM.CUSTOMER_ID))
                      .and(POLICY_VM.VM_ID.eq(VM.VM_ID)));
          Condition wanted =
              covered == null ? DSL.noCondition() : covered ? hasPolicy : DSL.not(hasPolicy);
          List<VmRecord> rows =
              dsl.selectFrom(VM)
                  .where(ofCustomer)
                  .and(VM.GONE.isFalse())
                  .and(wanted)
                  .and(after)
                  .orderBy(VM.NAME, VM.VM_ID)
                  .limit(page.limitAndOne())
                  .fetch();
          return Page.of(rows, page, row -> view(dsl, row), row -> row.getVmId() + row.getName());
        });
  }

  @GetMapping("/customers/{customerId}/vms/{vmId}")
  VmView get(Caller caller, @PathVariable String customerId, @PathVariable String vmId) {
    return tx.run(
        caller.scope(), dsl -> view(dsl, require(dsl, Customers.require(dsl, customerId), vmId)));
  }

  /** The cursor is the last machine's id and name, because the list is ordered by name. */
  private static Condition after(String cursor) {
    Findings findings = new Findings();
    UUID id = findings.id(cursor.length() > 36 ? cursor.substring(0, 36) : "", "cursor");
    findings.orRefuse();
    return DSL.row(VM.NAME, VM.VM_ID).gt(cursor.substring(36), id);
  }

  static VmRecord require(DSLContext dsl, CustomerRef customer, String vmId) {
    VmId id = VmId.parse(vmId);
    return dsl.selectFrom(VM)
        .where(VM.MSP_ID.eq(customer.msp().value()))
        .and(VM.CUSTOMER_ID.eq(customer.customer().value()))
        .and(VM.VM_ID.eq(id.value()))
        .fetchOptional()
        .orElseThrow(() -> Customers.notFound("virtual machine", id));
  }

  static List<UUID> policies(DSLContext dsl, VmRecord vm) {
    return dsl.select(POLICY_VM.POLICY_ID)
        .from(POLICY_VM)
        .where(POLICY_VM.MSP_ID.eq(vm.getMspId()))
        .and(POLICY_VM.CUSTOMER_ID.eq(vm.getCustomerId()))
        .and(POLICY_VM.VM_ID.eq(vm.getVmId()))
        .orderBy(POLICY_VM.POLICY_ID)
        .fetch(POLICY_VM.POLICY_ID);
  }

  private VmView view(DSLContext dsl, VmRecord vm) {
    var points =
        dsl.select(DSL.count(), DSL.max(RESTORE_POINT.CAPTURED_AT))
            .from(RESTORE_POINT)
            .where(RESTORE_POINT.MSP_ID.eq(vm.getMspId()))
            .and(RESTORE_POINT.CUSTOMER_ID.eq(vm.getCustomerId()))
            .and(RESTORE_POINT.VM_ID.eq(vm.getVmId()))
            .and(RESTORE_POINT.GONE_AT.isNull())
            .fetchSingle();
    Optional<JobView> job =
        dsl.selectFrom(JOB)
            .where(JOB.MSP_ID.eq(vm.getMspId()))
            .and(JOB.CUSTOMER_ID.eq(vm.getCustomerId()))
            .and(JOB.VM_ID.eq(vm.getVmId()))
            .orderBy(JOB.STARTED_AT.desc())
            .limit(1)
            .fetchOptional(
                row ->
                    new JobView(
                        row.getJobId(),
                        row.getKind(),
                        row.getState(),
                        row.getStartedAt().toInstant(),
                        instant(row.getFinishedAt()),
                        Optional.ofNullable(row.getMessage())));
    List<UUID> policies = policies(dsl, vm);
    return new VmView(
        vm.getVmId(),
        vm.getCustomerId(),
        vm.getSiteId(),
        vm.getApplianceId(),
        vm.getName(),
        vm.getPlatform(),
        json.readTree(vm.getDisks().data()),
        !policies.isEmpty(),
        policies,
        points.value1(),
        instant(points.value2()),
        job,
        vm.getLastReportedAt().toInstant());
  }

  static Optional<Instant> instant(@Nullable OffsetDateTime time) {
    return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
  }
}
