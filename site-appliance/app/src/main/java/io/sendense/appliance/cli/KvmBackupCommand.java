package io.sendense.appliance.cli;

import io.sendense.connectors.libvirt.LibvirtSource;
import io.sendense.connectors.libvirt.LibvirtSourceOptions;
import io.sendense.connectors.spi.Machine;
import io.sendense.engine.BackupJob;
import io.sendense.engine.BackupReport;
import io.sendense.engine.CommunityLicence;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes one restore point of one running machine of a libvirt host. */
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    description = "Makes a restore point of one running machine, without anything installed in it.")
final class KvmBackupCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin KvmHostOption host = new KvmHostOption();
  @Mixin KvmCaptureOption capture = new KvmCaptureOption();

  @Option(
      names = "--repository",
      required = true,
      paramLabel = "R",
      description = "Its directory or URL.")
  String repository = "";

  @Option(
      names = "--vm",
      required = true,
      paramLabel = "NAME",
      description = "Name or UUID of the machine; its points are kept under its name.")
  String vm = "";

  KvmBackupCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (Opening<OpenPoints> opening = Opening.points(surroundings, common, repository);
        Job job = Job.open(surroundings, common)) {
      Machine machine = host.inventory().machine(vm);
      try (OpenPoints open = opening.take()) {
        LibvirtSourceOptions options =
            capture.options(
                host.uri(), machine.id(), BitmapOwner.of(open.location(), machine.name()));
        LibvirtSource source =
            new LibvirtSource(
                options, job.state().ownerRecords(), surroundings.clock(), surroundings.random());
        BackupReport report =
            new BackupJob(job.context(), new CommunityLicence())
                .run(machine.name(), source, open.repository(), open.location());
        job.endProgress();
        if (common.json) {
          surroundings.out().println(Json.text(BackupCommand.document(report)));
        } else {
          BackupCommand.print(surroundings, report);
        }
        return 0;
      }
    }
  }
}
