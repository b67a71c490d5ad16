package io.sendense.appliance.cli;

import io.sendense.connectors.cloudstack.CloudStackClient;
import io.sendense.connectors.cloudstack.CloudStackPlace;
import io.sendense.connectors.cloudstack.CloudStackScope;
import io.sendense.connectors.cloudstack.CloudStackTarget;
import io.sendense.connectors.disk.DiskTarget;
import io.sendense.connectors.spi.Machine;
import io.sendense.connectors.spi.MachineDraft;
import io.sendense.connectors.spi.MachinePlan;
import io.sendense.connectors.spi.Readiness;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.RestoreJob;
import io.sendense.engine.RestoreReport;
import io.sendense.repository.format.RestorePoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a machine in a CloudStack out of a point. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a new machine out of a point. Its disks are written, read back and compared with the",
      "point; then they are imported from primary storage where --pool is given, and uploaded",
      "otherwise. Where anything fails, all of it is removed again."
    })
final class CloudStackRestoreCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin CloudStackOption cloud = new CloudStackOption();
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
      names = "--zone",
      paramLabel = "NAME|ID",
      description = "Needed where there is more than one.")
  @Nullable String zone;

  @Option(
      names = "--offering",
      paramLabel = "NAME|ID",
      description = "Default: the smallest with the processors and memory of the machine.")
  @Nullable String offering;

  @Option(
      names = "--pool",
      paramLabel = "NAME|ID",
      description = "A pool of primary storage, by NFS, to import from; needs --pool-folder.")
  @Nullable String pool;

  @Option(
      names = "--pool-folder",
      paramLabel = "DIR",
      description = "Where the root of that pool is mounted here.")
  @Nullable Path poolFolder;

  @Option(
      names = "--staging",
      paramLabel = "DIR",
      description = "Where images wait for their upload. Default: /var/tmp.")
  Path staging = Path.of("/var/tmp");

  @Option(
      names = "--network",
      paramLabel = "FROM=TO",
      description =
          "A network of the machine in the point and the one of CloudStack to use. Once per"
              + " network.")
  Map<String, String> networks = new LinkedHashMap<>();

  @Option(
      names = "--keep-mac",
      description = "Keep the MAC addresses; not while the original runs on the same network.")
  boolean keepMac;

  @Option(names = "--start", description = "Start the machine.")
  boolean start;

  CloudStackRestoreCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (Job job = Job.open(surroundings, common);
        OpenPoints open = OpenPoints.open(surroundings, common, repository);
        CloudStackClient client = cloud.client(surroundings)) {
      RestorePoint found = point.find(open.repository());
      MachinePlan plan = KvmMachines.plan(found, name, networks, keepMac);
      CloudStackTarget target = target(job, client, cloud.scope(client));
      target.reap();
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
                    "machine " + plan.name() + " of " + cloud.url,
                    open.location(),
                    () -> complete(draft, made));
        job.endProgress();
        KvmRestoreCommand.print(surroundings, common.json, start, report, made.getFirst());
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

  private CloudStackTarget target(Job job, CloudStackClient client, CloudStackScope scope) {
    Optional<CloudStackPlace.Pool> imported = pool();
    Path folder =
        imported.map(CloudStackPlace.Pool::folder).orElse(staging).toAbsolutePath().normalize();
    // Of chance, because CloudStack's volumes and what a failed restore left are told apart by it.
    byte[] chance = new byte[6];
    surroundings.random().nextBytes(chance);
    String prefix = "sendense-" + HexFormat.of().formatHex(chance) + "-";
    CloudStackPlace.Images images =
        new CloudStackPlace.Images(
            disk -> folder.resolve(Disks.fileName(prefix + disk + ".qcow2")));
    CloudStackPlace place =
        new CloudStackPlace(
            Optional.ofNullable(zone), Optional.ofNullable(offering), imported, images);
    DiskTarget disks =
        new DiskTarget(
            images.file(),
            DiskTarget.Format.QCOW2,
            false,
            job.state().ownerRecords(),
            surroundings.random(),
            surroundings.clock());
    return new CloudStackTarget(client, scope, place, disks, job.state().ownerRecords());
  }

  private Optional<CloudStackPlace.Pool> pool() {
    String named = pool;
    Path folder = poolFolder;
    if (named == null && folder == null) {
      return Optional.empty();
    }
    if (named == null || folder == null) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "only one of --pool and --pool-folder was given",
          "Give both to import from primary storage, or none to upload.");
    }
    return Optional.of(new CloudStackPlace.Pool(named, folder.toAbsolutePath().normalize()));
  }
}
