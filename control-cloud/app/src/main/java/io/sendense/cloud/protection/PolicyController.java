package io.sendense.cloud.protection;

import static io.sendense.cloud.db.protection.Tables.POLICY;
import static io.sendense.cloud.db.protection.Tables.POLICY_VM;
import static io.sendense.cloud.db.protection.Tables.VM;

import io.sendense.cloud.audit.AuditEvent;
import io.sendense.cloud.audit.AuditLog;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.db.protection.tables.records.PolicyRecord;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.cloud.web.Change;
import io.sendense.cloud.web.ChangeFeed;
import io.sendense.cloud.web.Idempotency;
import io.sendense.cloud.web.Page;
import io.sendense.cloud.web.PageRequest;
import io.sendense.domain.ApplianceId;
import io.sendense.domain.Edition;
import io.sendense.domain.PolicyId;
import io.sendense.domain.SiteId;
import io.sendense.protocol.Immutability;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
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
class PolicyController {
  private final ScopedTx tx;
  private final Idempotency idempotency;
  private final AuditLog audit;
  private final ChangeFeed changes;
  private final ProtectionState state;
  private final LicensedEdition licensed;
  private final InstantSource clock;

  PolicyController(
      ScopedTx tx,
      Idempotency idempotency,
      AuditLog audit,
      ChangeFeed changes,
      ProtectionState state,
      LicensedEdition licensed,
      InstantSource clock) {
    this.tx = tx;
    this.idempotency = idempotency;
    this.audit = audit;
    this.changes = changes;
    this.state = state;
    this.licensed = licensed;
    this.clock = clock;
  }

  record PolicyView(
      UUID id,
      UUID customerId,
      String name,
      String edition,
      List<UUID> vmIds,
      long intervalSeconds,
      String repository,
      PolicyTerms.RetentionView retention,
      Optional<Integer> megabytesPerSecond,
      Optional<PolicyTerms.ImmutabilityView> immutability,
      Instant createdAt) {}

  @GetMapping("/policies")
  Page<PolicyView> list(
      Caller caller,
      @RequestParam @Nullable String customerId,
      @RequestParam @Nullable Integer limit,
      @RequestParam @Nullable String cursor) {
    PageRequest page = PageRequest.of(limit, cursor);
    return tx.run(
        caller.scope(),
        dsl ->
            Page.newestFirst(
                dsl,
                POLICY,
                POLICY.POLICY_ID,
                Customers.narrowed(dsl, customerId, POLICY.CUSTOMER_ID),
                page,
                row -> view(dsl, row)));
  }

  @GetMapping("/customers/{customerId}/policies/{policyId}")
  PolicyView get(Caller caller, @PathVariable String customerId, @PathVariable String policyId) {
    return tx.run(caller.scope(), dsl -> view(dsl, require(dsl, customerId, policyId)));
  }

  @PostMapping("/customers/{customerId}/policies")
  ResponseEntity<Object> create(
      Caller caller,
      @PathVariable String customerId,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestBody NewPolicy request) {
    NewPolicy.Checked checked = request.check();
    return idempotency.run(
        caller,
        key,
        "POST policies of " + customerId,
        request,
        HttpStatus.CREATED,
        dsl -> create(dsl, caller, Customers.require(dsl, customerId), checked));
  }

  @DeleteMapping("/customers/{customerId}/policies/{policyId}")
  ResponseEntity<Void> delete(
      Caller caller, @PathVariable String customerId, @PathVariable String policyId) {
    return tx.run(
        caller.scope(),
        dsl -> {
          CustomerRef customer = Customers.require(dsl, customerId);
          PolicyRecord row = require(dsl, customerId, policyId);
          Set<UUID> vms = Set.copyOf(vms(dsl, row));
          int deleted = row.delete();
          if (deleted == 1) {
            Instant now = clock.instant();
            record(dsl, caller, customer, "policy.delete", row, now);
            tellAppliances(dsl, customer, vms, now);
          }
          return ResponseEntity.noContent().build();
        });
  }

  private PolicyView create(
      DSLContext dsl, Caller caller, CustomerRef customer, NewPolicy.Checked wanted) {
    UUID msp = customer.msp().value();
    UUID id = customer.customer().value();
    wanted.refuseUnknown(
        dsl.select(VM.VM_ID)
            .from(VM)
            .where(VM.MSP_ID.eq(msp))
            .and(VM.CUSTOMER_ID.eq(id))
            .and(VM.VM_ID.in(wanted.vms()))
            .fetchSet(VM.VM_ID));
    Customers.refuseTaken(
        dsl,
        POLICY.NAME,
        POLICY.CUSTOMER_ID.eq(id),
        wanted.name(),
        customer.name() + " has a policy");
    Edition edition = wanted.meteredBy(licensed.of(dsl, customer), customer.name());
    Instant now = clock.instant();
    PolicyRecord row =
        dsl.insertInto(POLICY)
            .set(POLICY.MSP_ID, msp)
            .set(POLICY.CUSTOMER_ID, id)
            .set(POLICY.NAME, wanted.name())
            .set(POLICY.EDITION, NewPolicy.word(edition))
            .set(POLICY.INTERVAL_SECONDS, wanted.intervalSeconds())
            .set(POLICY.REPOSITORY, wanted.repository())
            .set(POLICY.KEEP_LAST, wanted.keep().last())
            .set(POLICY.KEEP_HOURLY, wanted.keep().hourly())
            .set(POLICY.KEEP_DAILY, wanted.keep().daily())
            .set(POLICY.KEEP_WEEKLY, wanted.keep().weekly())
            .set(POLICY.KEEP_MONTHLY, wanted.keep().monthly())
            .set(POLICY.KEEP_YEARLY, wanted.keep().yearly())
            .set(POLICY.TIME_ZONE, wanted.keep().zone())
            .set(POLICY.MEGABYTES_PER_SECOND, wanted.megabytesPerSecond().orElse(null))
            .set(POLICY.LOCK_MODE, wanted.lock().map(NewPolicy::word).orElse(null))
            .set(POLICY.LOCK_DAYS, wanted.lock().map(Immutability::days).orElse(null))
            .set(POLICY.CREATED_AT, now.atOffset(ZoneOffset.UTC))
            .returning()
            .fetchSingle();
    for (UUID vm : wanted.vms()) {
      dsl.insertInto(POLICY_VM)
          .set(POLICY_VM.MSP_ID, msp)
          .set(POLICY_VM.CUSTOMER_ID, id)
          .set(POLICY_VM.POLICY_ID, row.getPolicyId())
          .set(POLICY_VM.VM_ID, vm)
          .execute();
    }
    record(dsl, caller, customer, "policy.create", row, now);
    tellAppliances(dsl, customer, Set.copyOf(wanted.vms()), now);
    return view(dsl, row);
  }

  private void record(
      DSLContext dsl,
      Caller caller,
      CustomerRef customer,
      String action,
      PolicyRecord row,
      Instant now) {
    audit.record(
        dsl,
        AuditEvent.of(
            customer.msp(),
            customer.customer(),
            caller.username(),
            action,
            row.getPolicyId(),
            Map.of("name", row.getName())));
    changes.announce(
        dsl, Change.of("policy", customer.msp(), customer.customer(), row.getPolicyId(), now));
  }

  private void tellAppliances(DSLContext dsl, CustomerRef customer, Set<UUID> vms, Instant now) {
    // The revision is kept per appliance; its site does not matter for it.
    for (ApplianceId appliance :
        ProtectionState.appliances(dsl, customer.customer().value(), vms)) {
      state.changed(
          dsl,
          new ApplianceRef(
              customer.msp(), customer.customer(), new SiteId(new UUID(0, 0)), appliance),
          now);
    }
  }

  private static PolicyRecord require(DSLContext dsl, String customerId, String policyId) {
    CustomerRef customer = Customers.require(dsl, customerId);
    PolicyId id = PolicyId.parse(policyId);
    return dsl.selectFrom(POLICY)
        .where(POLICY.MSP_ID.eq(customer.msp().value()))
        .and(POLICY.CUSTOMER_ID.eq(customer.customer().value()))
        .and(POLICY.POLICY_ID.eq(id.value()))
        .fetchOptional()
        .orElseThrow(() -> Customers.notFound("policy", id));
  }

  private static List<UUID> vms(DSLContext dsl, PolicyRecord row) {
    return dsl.select(POLICY_VM.VM_ID)
        .from(POLICY_VM)
        .where(POLICY_VM.MSP_ID.eq(row.getMspId()))
        .and(POLICY_VM.CUSTOMER_ID.eq(row.getCustomerId()))
        .and(POLICY_VM.POLICY_ID.eq(row.getPolicyId()))
        .orderBy(POLICY_VM.VM_ID)
        .fetch(POLICY_VM.VM_ID);
  }

  private static PolicyView view(DSLContext dsl, PolicyRecord row) {
    return new PolicyView(
        row.getPolicyId(),
        row.getCustomerId(),
        row.getName(),
        row.getEdition(),
        vms(dsl, row),
        row.getIntervalSeconds(),
        row.getRepository(),
        PolicyTerms.view(row),
        Optional.ofNullable(row.getMegabytesPerSecond()),
        PolicyTerms.lockView(row),
        row.getCreatedAt().toInstant());
  }
}
