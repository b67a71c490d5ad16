package io.sendense.cloud.fleet.internal;

import static io.sendense.cloud.db.fleet.Tables.APPLIANCE;
import static io.sendense.cloud.db.protection.Tables.COMMAND;
import static io.sendense.cloud.db.protection.Tables.POLICY;
import static io.sendense.cloud.db.protection.Tables.POLICY_VM;
import static io.sendense.cloud.db.protection.Tables.VM;

import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.domain.Edition;
import io.sendense.domain.PolicyId;
import io.sendense.domain.VmId;
import io.sendense.protocol.Command;
import io.sendense.protocol.DesiredState;
import io.sendense.protocol.Intervals;
import io.sendense.protocol.Messages;
import io.sendense.protocol.ProtectionPolicy;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Record;

/**
 * Works out an appliance's desired state from policies and open commands. Its version rises when
 * its content differs from what it was when it was last worked out, whoever changed it.
 */
final class DesiredStates {
  private static final int MOST_COMMANDS = 100;

  private final Intervals intervals;

  DesiredStates(Intervals intervals) {
    this.intervals = intervals;
  }

  DesiredState of(DSLContext dsl, ApplianceIdentity identity) {
    List<ProtectionPolicy> policies = policies(dsl, identity);
    List<Command> commands = commands(dsl, identity);
    byte[] hash = hash(new DesiredState(identity.appliance(), 0, policies, commands, intervals));
    var row = Rows.find(dsl, identity).orElseThrow();
    long version = row.getDesiredVersion();
    if (!MessageDigest.isEqual(hash, row.getDesiredHash())) {
      var locked = Rows.locked(dsl, identity).orElseThrow();
      version = locked.getDesiredVersion();
      if (!MessageDigest.isEqual(hash, locked.getDesiredHash())) {
        version++;
        dsl.update(APPLIANCE)
            .set(APPLIANCE.DESIRED_VERSION, version)
            .set(APPLIANCE.DESIRED_HASH, hash)
            .where(Rows.isThis(identity))
            .execute();
      }
    }
    return new DesiredState(identity.appliance(), version, policies, commands, intervals);
  }

  private static List<ProtectionPolicy> policies(DSLContext dsl, ApplianceIdentity identity) {
    Map<UUID, List<VmId>> vms = new LinkedHashMap<>();
    Map<UUID, Record> rows = new LinkedHashMap<>();
    for (Record row :
        dsl.select()
            .from(POLICY)
            .join(POLICY_VM)
            .on(POLICY_VM.MSP_ID.eq(POLICY.MSP_ID))
            .and(POLICY_VM.CUSTOMER_ID.eq(POLICY.CUSTOMER_ID))
            .and(POLICY_VM.POLICY_ID.eq(POLICY.POLICY_ID))
            .join(VM)
            .on(VM.MSP_ID.eq(POLICY_VM.MSP_ID))
            .and(VM.CUSTOMER_ID.eq(POLICY_VM.CUSTOMER_ID))
            .and(VM.VM_ID.eq(POLICY_VM.VM_ID))
            .where(POLICY.MSP_ID.eq(identity.msp().value()))
            .and(POLICY.CUSTOMER_ID.eq(identity.customer().value()))
            .and(VM.APPLIANCE_ID.eq(identity.appliance().value()))
            .orderBy(POLICY.POLICY_ID, VM.VM_ID)
            .fetch()) {
      UUID id = row.get(POLICY.POLICY_ID);
      rows.putIfAbsent(id, row);
      vms.computeIfAbsent(id, key -> new ArrayList<>()).add(new VmId(row.get(VM.VM_ID)));
    }
    List<ProtectionPolicy> policies = new ArrayList<>();
    rows.forEach(
        (id, row) ->
            policies.add(
                new ProtectionPolicy(
                    new PolicyId(id),
                    row.get(POLICY.NAME),
                    Edition.valueOf(row.get(POLICY.EDITION).toUpperCase(Locale.ROOT)),
                    vms.getOrDefault(id, List.of()),
                    row.get(POLICY.REPOSITORY),
                    row.get(POLICY.INTERVAL_SECONDS),
                    row.get(POLICY.KEEP_LAST),
                    true)));
    return policies;
  }

  private static List<Command> commands(DSLContext dsl, ApplianceIdentity identity) {
    return dsl.selectFrom(COMMAND)
        .where(COMMAND.MSP_ID.eq(identity.msp().value()))
        .and(COMMAND.CUSTOMER_ID.eq(identity.customer().value()))
        .and(COMMAND.APPLIANCE_ID.eq(identity.appliance().value()))
        .and(COMMAND.FINISHED_AT.isNull())
        .orderBy(COMMAND.CREATED_AT, COMMAND.COMMAND_ID)
        .limit(MOST_COMMANDS)
        .fetch(
            row ->
                new Command(
                    row.getCommandId(),
                    row.getKind().equals("backup") ? Command.BACKUP_NOW : row.getKind(),
                    Optional.of(new VmId(row.getVmId())),
                    row.getCreatedAt().toInstant(),
                    row.getDeadline().toInstant()));
  }

  private static byte[] hash(DesiredState content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(Messages.write(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
