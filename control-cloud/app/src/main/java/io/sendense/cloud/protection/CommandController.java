package io.sendense.cloud.protection;

import static io.sendense.cloud.db.protection.Tables.COMMAND;

import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.db.protection.tables.records.CommandRecord;
import io.sendense.cloud.db.protection.tables.records.VmRecord;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.cloud.web.Findings;
import io.sendense.cloud.web.Idempotency;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Things to do once, asked for by people and done by appliances. */
@RestController
@RequestMapping("/api/v1")
class CommandController {
  private final ScopedTx tx;
  private final Idempotency idempotency;
  private final Commands commands;

  CommandController(ScopedTx tx, Idempotency idempotency, Commands commands) {
    this.tx = tx;
    this.idempotency = idempotency;
    this.commands = commands;
  }

  record CommandView(
      UUID id,
      UUID customerId,
      String kind,
      String state,
      UUID vmId,
      UUID applianceId,
      Instant createdAt,
      Instant deadline,
      Optional<Instant> finishedAt,
      Optional<String> message) {}

  @PostMapping("/customers/{customerId}/vms/{vmId}/backup")
  ResponseEntity<Object> backup(
      Caller caller,
      @PathVariable String customerId,
      @PathVariable String vmId,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
    return idempotency.run(
        caller,
        key,
        "POST backup of " + customerId + "/" + vmId,
        "",
        HttpStatus.ACCEPTED,
        dsl -> backup(dsl, caller, customerId, vmId));
  }

  @GetMapping("/customers/{customerId}/commands/{commandId}")
  CommandView command(
      Caller caller, @PathVariable String customerId, @PathVariable String commandId) {
    Findings findings = new Findings();
    UUID id = findings.id(commandId, "commandId");
    findings.orRefuse();
    return tx.run(
        caller.scope(),
        dsl -> {
          CustomerRef customer = Customers.require(dsl, customerId);
          return dsl.selectFrom(COMMAND)
              .where(COMMAND.MSP_ID.eq(customer.msp().value()))
              .and(COMMAND.CUSTOMER_ID.eq(customer.customer().value()))
              .and(COMMAND.COMMAND_ID.eq(id))
              .fetchOptional(CommandController::view)
              .orElseThrow(() -> Customers.notFound("command", id));
        });
  }

  private CommandView backup(DSLContext dsl, Caller caller, String customerId, String vmId) {
    CustomerRef customer = Customers.require(dsl, customerId);
    VmRecord vm = VmController.require(dsl, customer, vmId);
    if (VmController.policies(dsl, vm).isEmpty()) {
      throw new SendenseException(
          ErrorCode.CONFLICT,
          "no policy covers " + vm.getName(),
          "Create a policy with this machine first; it says where backups go.");
    }
    return view(commands.backup(dsl, caller, customer, vm));
  }

  private static CommandView view(CommandRecord row) {
    return new CommandView(
        row.getCommandId(),
        row.getCustomerId(),
        row.getKind(),
        row.getState(),
        row.getVmId(),
        row.getApplianceId(),
        row.getCreatedAt().toInstant(),
        row.getDeadline().toInstant(),
        VmController.instant(row.getFinishedAt()),
        Optional.ofNullable(row.getMessage()));
  }
}
