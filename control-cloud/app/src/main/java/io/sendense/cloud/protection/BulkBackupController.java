package io.sendense.cloud.protection;

import static io.sendense.cloud.db.protection.Tables.POLICY_VM;
import static io.sendense.cloud.db.protection.Tables.VM;

import io.sendense.cloud.db.protection.tables.records.VmRecord;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.cloud.web.Findings;
import io.sendense.cloud.web.Idempotency;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.protocol.Command;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Backs up many machines at once: before a patch day, after a scare. */
@RestController
@RequestMapping("/api/v1/bulk/backups")
class BulkBackupController {
  /** One transaction, one audit entry each; more is asked for customer by customer. */
  private static final int MOST_VMS = 2_000;

  private static final int MOST_CUSTOMERS = 200;

  private final Idempotency idempotency;
  private final Commands commands;
  private final InstantSource clock;

  BulkBackupController(Idempotency idempotency, Commands commands, InstantSource clock) {
    this.idempotency = idempotency;
    this.commands = commands;
    this.clock = clock;
  }

  record Request(@Nullable List<String> customerIds) {}

  /**
   * @param commandIds of what was asked for
   * @param alreadyQueued machines of which a backup waits already
   * @param unprotected machines that no policy covers, so nobody said where their backups go
   */
  record Queued(List<UUID> commandIds, int alreadyQueued, int unprotected) {}

  @PostMapping
  ResponseEntity<Object> backup(
      Caller caller,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestBody Request request) {
    Set<UUID> wanted = check(request);
    return idempotency.run(
        caller,
        key,
        "POST bulk backups",
        request,
        HttpStatus.ACCEPTED,
        dsl -> backup(dsl, caller, wanted));
  }

  private static Set<UUID> check(Request request) {
    Findings findings = new Findings();
    Set<UUID> wanted = new LinkedHashSet<>();
    List<String> given = request.customerIds() == null ? List.of() : request.customerIds();
    findings.require(request.customerIds() == null || !given.isEmpty(), "customerIds", "is empty");
    findings.require(
        given.size() <= MOST_CUSTOMERS, "customerIds", "names more than " + MOST_CUSTOMERS);
    for (int i = 0; i < Math.min(given.size(), MOST_CUSTOMERS); i++) {
      wanted.add(findings.id(given.get(i), "customerIds[" + i + "]"));
    }
    findings.orRefuse();
    return wanted;
  }

  private Queued backup(DSLContext dsl, Caller caller, Set<UUID> wanted) {
    Map<UUID, CustomerRef> customers = new HashMap<>();
    wanted.forEach(id -> customers.put(id, Customers.require(dsl, id.toString())));
    Condition of = wanted.isEmpty() ? DSL.noCondition() : VM.CUSTOMER_ID.in(wanted);
    Condition covered =
        DSL.exists(
            dsl.selectOne()
                .from(POLICY_VM)
                .where(POLICY_VM.MSP_ID.eq(VM.MSP_ID))
                .and(POLICY_VM.CUSTOMER_ID.eq(VM.CUSTOMER_ID))
                .and(POLICY_VM.VM_ID.eq(VM.VM_ID)));
    List<VmRecord> vms =
        dsl.selectFrom(VM)
            .where(of)
            .and(VM.GONE.isFalse())
            .and(covered)
            .orderBy(VM.CUSTOMER_ID, VM.VM_ID)
            .limit(MOST_VMS + 1)
            .fetch();
    if (vms.size() > MOST_VMS) {
      throw new SendenseException(
          ErrorCode.LIMIT_REACHED,
          "more than " + MOST_VMS + " machines are covered by that",
          "Name fewer customers in each request.");
    }
    int unprotected = dsl.fetchCount(VM, of.and(VM.GONE.isFalse()).andNot(covered));
    List<UUID> queued = new ArrayList<>();
    for (VmRecord vm : vms) {
      if (!Commands.isQueued(dsl, vm, Command.BACKUP_NOW, clock.instant())) {
        CustomerRef customer =
            customers.computeIfAbsent(
                vm.getCustomerId(), id -> Customers.require(dsl, id.toString()));
        queued.add(commands.backup(dsl, caller, customer, vm).getCommandId());
      }
    }
    return new Queued(queued, vms.size() - queued.size(), unprotected);
  }
}
