package io.sendense.cloud.protection;

import static io.sendense.cloud.db.protection.Tables.COMMAND;
import static io.sendense.cloud.db.protection.Tables.JOB;
import static io.sendense.cloud.db.protection.Tables.POLICY;
import static io.sendense.cloud.db.protection.Tables.POLICY_VM;
import static io.sendense.cloud.db.protection.Tables.RESTORE_POINT;
import static io.sendense.cloud.db.protection.Tables.REVISION;
import static io.sendense.cloud.db.protection.Tables.VM;

import io.sendense.cloud.db.protection.tables.records.PolicyRecord;
import io.sendense.cloud.web.Change;
import io.sendense.cloud.web.ChangeFeed;
import io.sendense.domain.ApplianceId;
import io.sendense.domain.Edition;
import io.sendense.domain.PolicyId;
import io.sendense.domain.VmId;
import io.sendense.protocol.Command;
import io.sendense.protocol.CommandResult;
import io.sendense.protocol.JobResult;
import io.sendense.protocol.Point;
import io.sendense.protocol.PointGone;
import io.sendense.protocol.ProtectionPolicy;
import io.sendense.protocol.Vm;
import io.sendense.protocol.VmDisk;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an appliance should do, and what it says that it did. Every method works inside the caller's
 * transaction, whose scope must cover the appliance's customer, and may be repeated with the same
 * arguments without further effect.
 */
@Component
public class ProtectionState {
  private final JsonMapper json;
  private final ChangeFeed changes;

  ProtectionState(JsonMapper json, ChangeFeed changes) {
    this.json = json;
    this.changes = changes;
  }

  /** Rises with every change of policies or commands for this appliance; 0 before the first. */
  public long revision(DSLContext dsl, ApplianceRef of) {
    return dsl.select(REVISION.REVISION_)
        .from(REVISION)
        .where(REVISION.MSP_ID.eq(of.msp().value()))
        .and(REVISION.CUSTOMER_ID.eq(of.customer().value()))
        .and(REVISION.APPLIANCE_ID.eq(of.appliance().value()))
        .fetchOptional(REVISION.REVISION_)
        .orElse(0L);
  }

  /** The policies in force on this appliance, each with the VMs that are here. */
  public List<ProtectionPolicy> policies(DSLContext dsl, ApplianceRef of) {
    return dsl
        .select(
            POLICY,
            DSL.multiset(
                    dsl.select(POLICY_VM.VM_ID)
                        .from(POLICY_VM)
                        .join(VM)
                        .on(VM.MSP_ID.eq(POLICY_VM.MSP_ID))
                        .and(VM.CUSTOMER_ID.eq(POLICY_VM.CUSTOMER_ID))
                        .and(VM.VM_ID.eq(POLICY_VM.VM_ID))
                        .where(POLICY_VM.POLICY_ID.eq(POLICY.POLICY_ID))
                        .and(VM.APPLIANCE_ID.eq(of.appliance().value()))
                        .orderBy(POLICY_VM.VM_ID))
                .convertFrom(rows -> rows.map(row -> new VmId(row.value1()))))
        .from(POLICY)
        .where(POLICY.MSP_ID.eq(of.msp().value()))
        .and(POLICY.CUSTOMER_ID.eq(of.customer().value()))
        .orderBy(POLICY.POLICY_ID)
        .fetch(row -> policy(row.value1(), row.value2()))
        .stream()
        .filter(policy -> !policy.vms().isEmpty())
        .toList();
  }

  /** Commands whose result this appliance has not reported yet, oldest first. */
  public List<Command> openCommands(DSLContext dsl, ApplianceRef of) {
    return dsl.selectFrom(COMMAND)
        .where(COMMAND.MSP_ID.eq(of.msp().value()))
        .and(COMMAND.CUSTOMER_ID.eq(of.customer().value()))
        .and(COMMAND.APPLIANCE_ID.eq(of.appliance().value()))
        .and(COMMAND.STATE.eq("queued"))
        .orderBy(COMMAND.COMMAND_ID)
        .limit(100)
        .fetch(
            row ->
                new Command(
                    row.getCommandId(),
                    row.getKind(),
                    Optional.of(new VmId(row.getVmId())),
                    row.getCreatedAt().toInstant(),
                    row.getDeadline().toInstant()));
  }

  /**
   * Takes over the whole inventory: what is not in it any more is hidden, never deleted. A machine
   * that another appliance holds stays as it is and is given back.
   *
   * @param holds whether an appliance of this customer still holds what it reported
   */
  public List<HeldVm> inventory(
      DSLContext dsl, ApplianceRef from, List<Vm> vms, Instant at, Predicate<ApplianceId> holds) {
    List<HeldVm> held =
        new Inventory(dsl, from, at.atOffset(ZoneOffset.UTC), json).takeOver(vms, holds);
    announce(dsl, from, "vm", from.appliance().value(), at);
    return held;
  }

  /** Takes over restore points; a point of a VM that this appliance does not hold is left out. */
  public void points(DSLContext dsl, ApplianceRef from, List<Point> points, Instant at) {
    for (Point point : points) {
      if (holds(dsl, from, point.vm())) {
        dsl.insertInto(RESTORE_POINT)
            .set(RESTORE_POINT.MSP_ID, from.msp().value())
            .set(RESTORE_POINT.CUSTOMER_ID, from.customer().value())
            .set(RESTORE_POINT.VM_ID, point.vm().value())
            .set(RESTORE_POINT.REPOSITORY, point.repository())
            .set(RESTORE_POINT.POINT_ID, point.id())
            .set(RESTORE_POINT.APPLIANCE_ID, from.appliance().value())
            .set(RESTORE_POINT.KIND, point.mode())
            .set(RESTORE_POINT.VERIFIED, point.verified())
            .set(RESTORE_POINT.CAPTURED_AT, point.takenAt().atOffset(ZoneOffset.UTC))
            .set(RESTORE_POINT.SEALED_AT, point.createdAt().atOffset(ZoneOffset.UTC))
            .set(
                RESTORE_POINT.SIZE_BYTES, point.disks().stream().mapToLong(VmDisk::sizeBytes).sum())
            .set(RESTORE_POINT.READ_BYTES, point.bytesRead())
            .set(RESTORE_POINT.CHANGED_BYTES, point.bytesChanged())
            .set(RESTORE_POINT.STORED_BYTES, point.bytesStored())
            .set(RESTORE_POINT.ROOT, point.root().orElse(null))
            .set(RESTORE_POINT.FALLBACK, point.fallbackReason().orElse(null))
            // Told as a point it is there, also where it was gone: what was damaged is mended.
            .setNull(RESTORE_POINT.GONE_AT)
            .setNull(RESTORE_POINT.GONE_REASON)
            .setNull(RESTORE_POINT.GONE_DETAIL)
            .onConflict(
                RESTORE_POINT.MSP_ID,
                RESTORE_POINT.CUSTOMER_ID,
                RESTORE_POINT.VM_ID,
                RESTORE_POINT.REPOSITORY,
                RESTORE_POINT.POINT_ID)
            .doUpdate()
            .setAllToExcluded()
            .execute();
        announce(dsl, from, "restore-point", point.id(), at);
      }
    }
  }

  /** Notes which points are gone; the first thing said of a point that is gone counts. */
  public void gone(DSLContext dsl, ApplianceRef from, List<PointGone> gone, Instant at) {
    for (PointGone point : gone) {
      int noted =
          dsl.update(RESTORE_POINT)
              .set(RESTORE_POINT.GONE_AT, point.at().atOffset(ZoneOffset.UTC))
              .set(RESTORE_POINT.GONE_REASON, point.reason().name().toLowerCase(Locale.ROOT))
              .set(RESTORE_POINT.GONE_DETAIL, point.detail().orElse(null))
              .where(RESTORE_POINT.MSP_ID.eq(from.msp().value()))
              .and(RESTORE_POINT.CUSTOMER_ID.eq(from.customer().value()))
              .and(RESTORE_POINT.APPLIANCE_ID.eq(from.appliance().value()))
              .and(RESTORE_POINT.VM_ID.eq(point.vm().value()))
              .and(RESTORE_POINT.REPOSITORY.eq(point.repository()))
              .and(RESTORE_POINT.POINT_ID.eq(point.id()))
              .and(RESTORE_POINT.GONE_AT.isNull())
              .execute();
      if (noted == 1) {
        announce(dsl, from, "restore-point", point.id(), at);
      }
    }
  }

  /** Takes over how jobs ended. */
  public void jobs(DSLContext dsl, ApplianceRef from, List<JobResult> jobs, Instant at) {
    for (JobResult job : jobs) {
      if (holds(dsl, from, job.vm())) {
        dsl.insertInto(JOB)
            .set(JOB.MSP_ID, from.msp().value())
            .set(JOB.CUSTOMER_ID, from.customer().value())
            .set(JOB.JOB_ID, job.id())
            .set(JOB.VM_ID, job.vm().value())
            .set(JOB.APPLIANCE_ID, from.appliance().value())
            .set(JOB.KIND, job.kind())
            .set(JOB.STATE, job.outcome().name().toLowerCase(Locale.ROOT))
            .set(JOB.STARTED_AT, job.startedAt().atOffset(ZoneOffset.UTC))
            .set(JOB.FINISHED_AT, job.finishedAt().atOffset(ZoneOffset.UTC))
            .set(JOB.MESSAGE, job.errorText().orElse(null))
            .onConflictDoNothing()
            .execute();
        announce(dsl, from, "vm", job.vm(), at);
      }
    }
  }

  /** Closes commands with what became of them. */
  public void results(DSLContext dsl, ApplianceRef from, List<CommandResult> results, Instant at) {
    for (CommandResult result : results) {
      int closed =
          dsl.update(COMMAND)
              .set(COMMAND.STATE, result.outcome().name().toLowerCase(Locale.ROOT))
              .set(COMMAND.FINISHED_AT, result.finishedAt().atOffset(ZoneOffset.UTC))
              .set(COMMAND.MESSAGE, result.text())
              .where(COMMAND.MSP_ID.eq(from.msp().value()))
              .and(COMMAND.CUSTOMER_ID.eq(from.customer().value()))
              .and(COMMAND.APPLIANCE_ID.eq(from.appliance().value()))
              .and(COMMAND.COMMAND_ID.eq(result.command()))
              .and(COMMAND.STATE.eq("queued"))
              .execute();
      if (closed == 1) {
        changed(dsl, from, at);
        announce(dsl, from, "command", result.command(), at);
      }
    }
  }

  /** Notes that this appliance's policies or commands are others than before, and says so. */
  void changed(DSLContext dsl, ApplianceRef of, Instant at) {
    dsl.insertInto(REVISION)
        .set(REVISION.MSP_ID, of.msp().value())
        .set(REVISION.CUSTOMER_ID, of.customer().value())
        .set(REVISION.APPLIANCE_ID, of.appliance().value())
        .set(REVISION.REVISION_, 1L)
        .onConflict(REVISION.MSP_ID, REVISION.CUSTOMER_ID, REVISION.APPLIANCE_ID)
        .doUpdate()
        .set(REVISION.REVISION_, REVISION.REVISION_.plus(1L))
        .execute();
    changes.announce(
        dsl,
        Change.of("appliance", of.msp(), of.customer(), of.appliance(), at)
            .forAppliance(of.appliance().value()));
  }

  /** The appliances of these VMs. */
  static List<ApplianceId> appliances(DSLContext dsl, UUID customer, Set<UUID> vms) {
    return dsl.selectDistinct(VM.APPLIANCE_ID)
        .from(VM)
        .where(VM.CUSTOMER_ID.eq(customer))
        .and(VM.VM_ID.in(vms))
        .fetch(row -> new ApplianceId(row.value1()));
  }

  private void announce(DSLContext dsl, ApplianceRef from, String type, Object id, Instant at) {
    changes.announce(dsl, Change.of(type, from.msp(), from.customer(), id, at));
  }

  private static boolean holds(DSLContext dsl, ApplianceRef from, VmId vm) {
    return dsl.fetchExists(
        VM,
        VM.MSP_ID
            .eq(from.msp().value())
            .and(VM.CUSTOMER_ID.eq(from.customer().value()))
            .and(VM.APPLIANCE_ID.eq(from.appliance().value()))
            .and(VM.VM_ID.eq(vm.value())));
  }

  private static ProtectionPolicy policy(PolicyRecord row, List<VmId> vms) {
    ProtectionPolicy plain =
        new ProtectionPolicy(
            new PolicyId(row.getPolicyId()),
            row.getName(),
            Edition.valueOf(row.getEdition().toUpperCase(Locale.ROOT)),
            vms,
            row.getRepository(),
            row.getIntervalSeconds(),
            row.getKeepLast(),
            true);
    return plain.with(
        PolicyTerms.retention(row),
        Optional.ofNullable(row.getMegabytesPerSecond()),
        PolicyTerms.immutability(row));
  }
}
