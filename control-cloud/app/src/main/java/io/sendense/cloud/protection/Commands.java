package io.sendense.cloud.protection;

import static io.sendense.cloud.db.protection.Tables.COMMAND;

import io.sendense.cloud.audit.AuditEvent;
import io.sendense.cloud.audit.AuditLog;
import io.sendense.cloud.db.protection.tables.records.CommandRecord;
import io.sendense.cloud.db.protection.tables.records.VmRecord;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.web.Change;
import io.sendense.cloud.web.ChangeFeed;
import io.sendense.domain.ApplianceId;
import io.sendense.domain.SiteId;
import io.sendense.protocol.Command;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import org.jooq.DSLContext;
import org.springframework.stereotype.Component;

/** Puts commands where their appliances find them. */
@Component
class Commands {
  /** Past it a backup that was asked for now is not what was meant any more. */
  private static final Duration DEADLINE = Duration.ofHours(1);

  private final AuditLog audit;
  private final ChangeFeed changes;
  private final ProtectionState state;
  private final InstantSource clock;

  Commands(AuditLog audit, ChangeFeed changes, ProtectionState state, InstantSource clock) {
    this.audit = audit;
    this.changes = changes;
    this.state = state;
    this.clock = clock;
  }

  /** Asks for a backup of a machine that a policy covers, now. */
  CommandRecord backup(DSLContext dsl, Caller caller, CustomerRef customer, VmRecord vm) {
    Instant now = clock.instant();
    CommandRecord row =
        dsl.insertInto(COMMAND)
            .set(COMMAND.MSP_ID, vm.getMspId())
            .set(COMMAND.CUSTOMER_ID, vm.getCustomerId())
            .set(COMMAND.APPLIANCE_ID, vm.getApplianceId())
            .set(COMMAND.VM_ID, vm.getVmId())
            .set(COMMAND.KIND, Command.BACKUP_NOW)
            .set(COMMAND.STATE, "queued")
            .set(COMMAND.CREATED_AT, now.atOffset(ZoneOffset.UTC))
            .set(COMMAND.DEADLINE, now.plus(DEADLINE).atOffset(ZoneOffset.UTC))
            .returning()
            .fetchSingle();
    audit.record(
        dsl,
        AuditEvent.of(
            customer.msp(),
            customer.customer(),
            caller.username(),
            "vm.backup",
            vm.getVmId(),
            Map.of("name", vm.getName(), "command", row.getCommandId().toString())));
    changes.announce(
        dsl, Change.of("command", customer.msp(), customer.customer(), row.getCommandId(), now));
    state.changed(
        dsl,
        new ApplianceRef(
            customer.msp(),
            customer.customer(),
            new SiteId(vm.getSiteId()),
            new ApplianceId(vm.getApplianceId())),
        now);
    return row;
  }

  /** Whether a command of that kind waits for the machine's appliance already. */
  static boolean isQueued(DSLContext dsl, VmRecord vm, String kind, Instant now) {
    return dsl.fetchExists(
        COMMAND,
        COMMAND
            .MSP_ID
            .eq(vm.getMspId())
            .and(COMMAND.CUSTOMER_ID.eq(vm.getCustomerId()))
            .and(COMMAND.VM_ID.eq(vm.getVmId()))
            .and(COMMAND.KIND.eq(kind))
            .and(COMMAND.STATE.eq("queued"))
            .and(COMMAND.DEADLINE.gt(now.atOffset(ZoneOffset.UTC))));
  }
}
