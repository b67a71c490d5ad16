package io.sendense.appliance.cli;

import io.sendense.connectors.spi.InstantTarget;
import io.sendense.connectors.spi.MachinePlan;
import io.sendense.connectors.spi.Readiness;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.InstantJob;
import io.sendense.engine.instant.InstantRecord;
import io.sendense.engine.instant.InstantState;
import io.sendense.engine.instant.InstantStore;
import io.sendense.repository.format.RestorePoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a machine from a point. */
@Command(
    name = "start",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a machine on a libvirt of this host whose disks are those of a point, and starts it. What",
      "its guest writes goes to images in a folder; the rest is served by a process that stays behind",
      "and holds no more than a set memory for all recoveries of the repository."
    })
final class InstantStartCommand implements Callable<Integer> {
  private static final int MAX_SOCKET_PATH_BYTES = 107;

  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin PointOption point = new PointOption();
  @Mixin KvmMachines machines = new KvmMachines();

  @Option(
      names = "--repository",
      required = true,
      paramLabel = "R",
      description = "Its directory or URL.")
  String repository = "";

  @Option(
      names = "--uri",
      paramLabel = "LIBVIRT_URI",
      description = "qemu:///system (default) or qemu:///session, with ?socket=PATH.")
  String uri = "qemu:///system";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description =
          "Folder for its images, which become its final disks; libvirt's QEMU has to read and write"
              + " there.")
  Path to = Path.of("");

  InstantStartCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (Opening<OpenPoints> opening = Opening.points(surroundings, common, repository);
        Job job = Job.open(surroundings, common);
        InstantStore store = InstantParts.store(surroundings, common);
        OpenPoints open = opening.take()) {
      InstantParts.reap(surroundings, common, job.context(), store, uri);
      RestorePoint found = point.find(open.repository());
      MachinePlan plan = machines.plan(found);
      InstantRecord record = record(open, found, plan);
      InstantTarget target = InstantParts.target(surroundings, job.state(), record);
      if (target.check(plan) instanceof Readiness.Blocked blocked) {
        throw KvmMachines.blocked(blocked);
      }
      InstantJob.Started started =
          InstantParts.job(surroundings, common, job.context(), store, record).start(record, plan);
      job.endProgress();
      print(record, started.duration());
      return 0;
    }
  }

  private InstantRecord record(OpenPoints open, RestorePoint found, MachinePlan plan) {
    UUID id = new UUID(surroundings.random().nextLong(), surroundings.random().nextLong());
    Path folder = to.toAbsolutePath().normalize();
    Path socket = folder.resolve(".sd-" + id.toString().substring(0, 8) + ".sock");
    if (socket.toString().getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_PATH_BYTES) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "the path of " + folder + " is too long for a unix socket in it",
          "Use a folder with a path of at most 90 bytes.");
    }
    return new InstantRecord(
        id.toString(),
        InstantParts.lasting(surroundings, repository),
        open.location(),
        found.id().toString(),
        uri,
        folder,
        plan.name(),
        socket,
        InstantState.STARTING,
        false,
        Optional.empty(),
        surroundings.clock().instant());
  }

  private void print(InstantRecord record, Duration duration) {
    if (common.json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("recovery", record.id());
      document.put("machine", record.name());
      document.put("point", record.point());
      document.put("platform", record.platform());
      document.put("folder", record.folder().toString());
      document.put("durationSeconds", duration.toMillis() / 1000.0);
      surroundings.out().println(Json.text(document));
      return;
    }
    surroundings
        .out()
        .println(
            "machine "
                + record.name()
                + " ("
                + record.id()
                + ") runs from point "
                + record.point()
                + " after "
                + Units.duration(duration));
  }
}
