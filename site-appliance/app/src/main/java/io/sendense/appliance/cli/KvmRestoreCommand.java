package io.sendense.appliance.cli;

import io.sendense.connectors.disk.DiskTarget;
import io.sendense.connectors.libvirt.LibvirtTarget;
import io.sendense.connectors.spi.Blocker;
import io.sendense.connectors.spi.Machine;
import io.sendense.connectors.spi.MachineDraft;
import io.sendense.connectors.spi.MachinePlan;
import io.sendense.connectors.spi.MachineText;
import io.sendense.connectors.spi.Readiness;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.BackupJob;
import io.sendense.engine.RestoreJob;
import io.sendense.engine.RestoreReport;
import io.sendense.repository.format.RestorePoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = "--repository",
      required = true,
      paramLabel = "R",
      description = "Its directory or URL.")
  String repository = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the new machine. Default: that of the machine in the point.")
  @Nullable String name;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description = "Folder for its images, which libvirt's QEMU may read and write.")
  Path to = Path.of("");

  @Option(names = "--format", paramLabel = "qcow2|raw", description = "Default: qcow2.")
  String format = "qcow2";

  @Option(
      names = "--network",
      paramLabel = "FROM=TO",
      description =
          "A network of the machine in the point and the one to use here: a libvirt network,"
              + " bridge:NAME, direct:DEVICE or user. Once per network.")
  Map<String, String> networks = new LinkedHashMap<>();

  @Option(
      names = "--keep-mac",
      description = "Keep the MAC addresses; not while the original runs on the same network.")
  boolean keepMac;

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
      MachinePlan plan = plan(found);
      LibvirtTarget target = target(job, plan.name());
      target.reap();
      if (target.check(plan) instanceof Readiness.Blocked blocked) {
        throw blocked(blocked);
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
                    "machine " + plan.name() + " of " + host.uri().text(),
                    open.location(),
                    () -> complete(draft, made));
        job.endProgress();
        print(surroundings, common.json, start, report, made.getFirst());
        return 0;
      }
    }
  }

  private void complete(MachineDraft draft, List<Machine> made) {
    made.add(draft.make());
    if (start) {
      draft.start();
    }
    draft.keep();
  }

  private MachinePlan plan(RestorePoint found) {
    Machine machine = machine(found);
    return MachinePlan.like(
        machine,
        Optional.ofNullable(name).orElse(machine.name()),
        found.disks().stream()
            .map(disk -> new MachinePlan.Disk(disk.name(), disk.sizeBytes()))
            .toList(),
        networks,
        keepMac);
  }

  /** The machine that a point describes. */
  static Machine machine(RestorePoint found) {
    return Optional.ofNullable(found.annotations().get(BackupJob.MACHINE))
        .map(MachineText::read)
        .orElseThrow(
            () ->
                new SendenseException(
                    ErrorCode.NOT_FOUND,
                    "point " + found.id() + " holds disks and no description of a machine",
                    "Restore its disks with: restore --to, and define the machine by hand."));
  }

  private LibvirtTarget target(Job job, String machine) {
    DiskTarget.Format wanted =
        format.equals("raw") ? DiskTarget.Format.RAW : DiskTarget.Format.QCOW2;
    Path folder = to.toAbsolutePath().normalize();
    Function<String, Path> file =
        disk -> folder.resolve(Disks.fileName(machine + "-" + disk + "." + wanted.ending()));
    LibvirtTarget.Place place = new LibvirtTarget.Place(host.uri(), folder, format, file);
    DiskTarget disks =
        new DiskTarget(
            file,
            wanted,
            false,
            job.state().ownerRecords(),
            surroundings.random(),
            surroundings.clock());
    return new LibvirtTarget(
        place, disks, job.state().ownerRecords(), KvmHostOption.DEADLINE, surroundings.random());
  }

  static SendenseException blocked(Readiness.Blocked blocked) {
    Blocker first = blocked.blockers().getFirst();
    return new SendenseException(
        first.kind() == Blocker.Kind.NAME ? ErrorCode.ALREADY_EXISTS : ErrorCode.CONFLICT,
        "the machine cannot be made here: "
            + String.join("; ", blocked.blockers().stream().map(Blocker::what).toList()),
        first.remedy());
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
                + Units.duration(report.duration()));
  }
}
