package io.sendense.appliance.cli;

import io.sendense.connectors.disk.DiskTarget;
import io.sendense.connectors.libvirt.LibvirtTarget;
import io.sendense.connectors.spi.Machine;
import io.sendense.connectors.spi.MachineDraft;
import io.sendense.connectors.spi.MachinePlan;
import io.sendense.connectors.spi.Readiness;
import io.sendense.engine.RestoreJob;
import io.sendense.engine.RestoreReport;
import io.sendense.engine.state.JobLocks;
import io.sendense.engine.state.RestoreSteps;
import io.sendense.repository.format.RestorePoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a machine on a libvirt host out of a point. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a new machine out of a point. Its disks are written, read back and compared with the",
      "point before the machine is defined; where anything fails, all of it is removed again."
    })
final class KvmRestoreCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin KvmHostOption host = new KvmHostOption();
  @Mixin PointOption point = new PointOption();
  @Mixin KvmMachines machines = new KvmMachines();

  @Option(
      names = "--repository",
      required = true,
      paramLabel = "R",
      description = "Its directory or URL.")
  String repository = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description = "Folder for its images, which libvirt's QEMU may read and write.")
  Path to = Path.of("");

  @Option(names = "--format", paramLabel = "qcow2|raw", description = "Default: qcow2.")
  String format = "qcow2";

  @Option(
      names = "--roll-back",
      description =
          "Remove what an interrupted restore of this machine left, instead of going on with it.")
  boolean rollBack;

  @Option(names = "--start", description = "Start the machine.")
  boolean start;

  KvmRestoreCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (Job job = Job.open(surroundings, common);
        OpenPoints open = OpenPoints.open(surroundings, common, repository)) {
      RestorePoint found = point.find(open.repository());
      MachinePlan plan = machines.plan(found);
      LibvirtTarget target = target(job, plan.name());
      String place =
          "machine "
              + plan.name()
              + " in "
              + to.toAbsolutePath().normalize()
              + " of "
              + host.uri().text();
      try (JobLocks.Held _ =
          job.state()
              .locks()
              .take("making " + place, "a restore of it is at work here: " + place)) {
        return restore(job, open, found, plan, target, place);
      }
    }
  }

  private int restore(
      Job job,
      OpenPoints open,
      RestorePoint found,
      MachinePlan plan,
      LibvirtTarget target,
      String place) {
    RestoreSteps steps = job.state().restores();
    if (rollBack || !steps.isOpen(place, found.id().toString())) {
      target.reap(plan);
    }
    if (rollBack) {
      steps.end(place);
      return rolledBack(plan);
    }
    if (target.check(plan) instanceof Readiness.Blocked blocked) {
      throw KvmMachines.blocked(blocked);
    }
    try (MachineDraft draft = target.begin(plan)) {
      List<Machine> made = new ArrayList<>();
      RestoreReport report =
          new RestoreJob(job.context())
              .run(
                  open.repository(),
                  found.id(),
                  IntStream.range(0, found.disks().size()).boxed().toList(),
                  draft,
                  place,
                  open.location(),
                  () -> complete(draft, made));
      job.endProgress();
      print(surroundings, common.json, start, report, made.getFirst());
      return 0;
    }
  }

  private int rolledBack(MachinePlan plan) {
    if (common.json) {
      surroundings.out().println(Json.text(Map.of("machine", plan.name(), "rolledBack", true)));
    } else {
      surroundings
          .out()
          .println("nothing of an interrupted restore of " + plan.name() + " is left");
    }
    return 0;
  }

  private void complete(MachineDraft draft, List<Machine> made) {
    made.add(draft.make());
    if (start) {
      draft.start();
    }
    draft.keep();
  }

  private LibvirtTarget target(Job job, String machine) {
    DiskTarget.Format wanted =
        format.equals("raw") ? DiskTarget.Format.RAW : DiskTarget.Format.QCOW2;
    LibvirtTarget.Place place = KvmMachines.place(host.uri(), to, machine, format, wanted.ending());
    DiskTarget disks =
        new DiskTarget(
            place.diskFile(),
            wanted,
            false,
            job.state().ownerRecords(),
            surroundings.random(),
            surroundings.clock());
    return new LibvirtTarget(
        place, disks, job.state().ownerRecords(), KvmHostOption.DEADLINE, surroundings.random());
  }

  static void print(
      Surroundings surroundings,
      boolean json,
      boolean start,
      RestoreReport report,
      Machine machine) {
    if (json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("job", report.job());
      document.put("point", report.point().id().toString());
      document.put("bytesWritten", report.bytesWritten());
      document.put("bytesProved", report.bytesProved());
      document.put("disksKept", report.disksKept());
      document.put("durationSeconds", report.duration().toMillis() / 1000.0);
      document.put("started", start);
      document.put("machine", KvmListCommand.document(machine));
      surroundings.out().println(Json.text(document));
      return;
    }
    surroundings
        .out()
        .println(
            "machine "
                + machine.name()
                + " ("
                + machine.id()
                + ") "
                + (start ? "made and started" : "made, not started"));
    surroundings
        .out()
        .println(
            Units.bytes(report.bytesWritten())
                + " written, "
                + Units.bytes(report.bytesProved())
                + " proved by reading back, in "
                + Units.duration(report.duration())
                + (report.disksKept() == 0
                    ? ""
                    : "; " + report.disksKept() + " disks were proved before the interruption"));
  }
}
