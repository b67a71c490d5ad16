package io.sendense.cloud.fleet.internal;

import static io.sendense.cloud.db.protection.Tables.COMMAND;
import static io.sendense.cloud.db.protection.Tables.JOB;
import static io.sendense.cloud.db.protection.Tables.RESTORE_POINT;
import static io.sendense.cloud.db.protection.Tables.VM;

import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.protocol.CommandResult;
import io.sendense.protocol.JobResult;
import io.sendense.protocol.Point;
import io.sendense.protocol.ReportedState;
import io.sendense.protocol.VmDisk;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.impl.DSL;

/**
 * Writes what an appliance reported, inside the transaction that accepts the report. An appliance
 * can only touch its own machines: what another one of the customer reported stays as it is.
 */
final class Reports {
  private final DSLContext dsl;
  private final ApplianceIdentity identity;
  private final UUID site;
  private final Instant now;

  Reports(DSLContext dsl, ApplianceIdentity identity, UUID site, Instant now) {
    this.dsl = dsl;
    this.identity = identity;
    this.site = site;
    this.now = now;
  }

  /** Returns the types of what changed, as the event stream names them. */
  List<String> store(ReportedState state) {
    List<String> changed = new ArrayList<>();
    if (inventory(state.vms())) {
      changed.add("vm");
    }
    if (state.points().stream().filter(this::point).count() > 0) {
      changed.add("restore-point");
    }
    Map<String, String> modes = new HashMap<>();
    state.points().forEach(point -> modes.put(point.id(), point.mode()));
    if (state.jobs().stream().filter(job -> job(job, modes)).count() > 0
        && !changed.contains("vm")) {
      changed.add("vm");
    }
    if (state.commands().stream().filter(this::command).count() > 0) {
      changed.add("command");
    }
    return changed;
  }

  private boolean inventory(List<io.sendense.protocol.Vm> vms) {
    int changed = 0;
    List<UUID> present = new ArrayList<>();
    for (io.sendense.protocol.Vm vm : vms) {
      present.add(vm.id().value());
      JSONB disks = disks(vm.disks());
      String platform = vm.platform().name().toLowerCase(Locale.ROOT);
      changed +=
          dsl.insertInto(VM)
              .set(VM.MSP_ID, identity.msp().value())
              .set(VM.CUSTOMER_ID, identity.customer().value())
              .set(VM.VM_ID, vm.id().value())
              .set(VM.SITE_ID, site)
              .set(VM.APPLIANCE_ID, identity.appliance().value())
              .set(VM.NAME, vm.name())
              .set(VM.PLATFORM, platform)
              .set(VM.DISKS, disks)
              .set(VM.LAST_REPORTED_AT, Rows.time(now))
              .onConflict(VM.MSP_ID, VM.CUSTOMER_ID, VM.VM_ID)
              .doNothing()
              .execute();
      dsl.update(VM)
          .set(VM.NAME, vm.name())
          .set(VM.PLATFORM, platform)
          .set(VM.DISKS, disks)
          .set(VM.GONE, false)
          .set(VM.LAST_REPORTED_AT, Rows.time(now))
          .where(own(VM.MSP_ID, VM.CUSTOMER_ID, VM.APPLIANCE_ID))
          .and(VM.VM_ID.eq(vm.id().value()))
          .execute();
    }
    changed +=
        dsl.update(VM)
            .set(VM.GONE, true)
            .where(own(VM.MSP_ID, VM.CUSTOMER_ID, VM.APPLIANCE_ID))
            .and(VM.VM_ID.notIn(present))
            .and(VM.GONE.isFalse())
            .execute();
    return changed > 0;
  }

  private boolean point(Point point) {
    if (!isOwn(point.vm().value())) {
      return false;
    }
    return dsl.insertInto(RESTORE_POINT)
            .set(RESTORE_POINT.MSP_ID, identity.msp().value())
            .set(RESTORE_POINT.CUSTOMER_ID, identity.customer().value())
            .set(RESTORE_POINT.VM_ID, point.vm().value())
            .set(RESTORE_POINT.REPOSITORY, point.repository())
            .set(RESTORE_POINT.POINT_ID, point.id())
            .set(RESTORE_POINT.APPLIANCE_ID, identity.appliance().value())
            .set(RESTORE_POINT.KIND, kind(point.mode()))
            .set(RESTORE_POINT.VERIFIED, point.verified())
            .set(RESTORE_POINT.CAPTURED_AT, Rows.time(point.takenAt()))
            .set(RESTORE_POINT.SEALED_AT, Rows.time(point.createdAt()))
            .set(
                RESTORE_POINT.SIZE_BYTES, point.disks().stream().mapToLong(VmDisk::sizeBytes).sum())
            .set(RESTORE_POINT.READ_BYTES, point.bytesRead())
            .set(RESTORE_POINT.STORED_BYTES, point.bytesStored())
            .set(RESTORE_POINT.FALLBACK, point.fallbackReason().orElse(null))
            .onConflictDoNothing()
            .execute()
        == 1;
  }

  private boolean job(JobResult job, Map<String, String> modes) {
    if (!isOwn(job.vm().value())) {
      return false;
    }
    Optional<String> mode = job.point().map(modes::get);
    return dsl.insertInto(JOB)
            .set(JOB.MSP_ID, identity.msp().value())
            .set(JOB.CUSTOMER_ID, identity.customer().value())
            .set(JOB.JOB_ID, job.id())
            .set(JOB.VM_ID, job.vm().value())
            .set(JOB.APPLIANCE_ID, identity.appliance().value())
            .set(JOB.KIND, kind(mode.orElse("incremental")))
            .set(JOB.STATE, job.outcome() == JobResult.Outcome.SUCCEEDED ? "succeeded" : "failed")
            .set(JOB.STARTED_AT, Rows.time(job.startedAt()))
            .set(JOB.FINISHED_AT, Rows.time(job.finishedAt()))
            .set(JOB.MESSAGE, job.errorText().orElse(null))
            .onConflictDoNothing()
            .execute()
        == 1;
  }

  private boolean command(CommandResult result) {
    boolean done = result.outcome() == CommandResult.Outcome.SUCCEEDED;
    return dsl.update(COMMAND)
            .set(COMMAND.STATE, done ? "succeeded" : "failed")
            .set(COMMAND.FINISHED_AT, Rows.time(result.finishedAt()))
            .set(COMMAND.MESSAGE, result.text())
            .where(own(COMMAND.MSP_ID, COMMAND.CUSTOMER_ID, COMMAND.APPLIANCE_ID))
            .and(COMMAND.COMMAND_ID.eq(result.command()))
            .and(COMMAND.FINISHED_AT.isNull())
            .execute()
        == 1;
  }

  private boolean isOwn(UUID vm) {
    return dsl.fetchExists(
        dsl.selectOne()
            .from(VM)
            .where(own(VM.MSP_ID, VM.CUSTOMER_ID, VM.APPLIANCE_ID))
            .and(VM.VM_ID.eq(vm)));
  }

  private Condition own(
      org.jooq.Field<UUID> msp, org.jooq.Field<UUID> customer, org.jooq.Field<UUID> appliance) {
    return msp.eq(identity.msp().value())
        .and(customer.eq(identity.customer().value()))
        .and(appliance.eq(identity.appliance().value()));
  }

  private static String kind(String mode) {
    return mode.equals("full") ? "full" : "incremental";
  }

  private JSONB disks(List<VmDisk> disks) {
    var array =
        DSL.jsonbArray(
            java.util.stream.IntStream.range(0, disks.size())
                .mapToObj(
                    i ->
                        DSL.jsonbObject(
                            DSL.key("number").value(i),
                            DSL.key("name").value(disks.get(i).name()),
                            DSL.key("sizeBytes").value(disks.get(i).sizeBytes())))
                .toList());
    return dsl.select(array).fetchSingle().value1();
  }
}
