package io.sendense.appliance.cli;

import io.sendense.connectors.cloudstack.CloudStackClient;
import io.sendense.connectors.cloudstack.CloudStackInventory;
import io.sendense.connectors.cloudstack.CloudStackScope;
import io.sendense.connectors.cloudstack.CloudStackSource;
import io.sendense.connectors.spi.Machine;
import io.sendense.engine.BackupJob;
import io.sendense.engine.BackupReport;
import io.sendense.engine.CommunityLicence;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes one restore point of one running machine of a CloudStack. */
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a restore point of one running machine, on the KVM host where CloudStack says that it",
      "runs. The keys have to be those of a root admin, to whom alone hosts are shown."
    })
final class CloudStackBackupCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin CloudStackOption cloud = new CloudStackOption();
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
      description = "Name or id of the machine; its points are kept under its name.")
  String vm = "";

  @Option(
      names = "--host",
      required = true,
      paramLabel = "NAME=LIBVIRT_URI",
      description =
          "How the libvirt of a KVM host is reached, by the host's name or address in CloudStack."
              + " Once per host on which the machine may run.")
  Map<String, String> hosts = new LinkedHashMap<>();

  CloudStackBackupCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (Opening<OpenPoints> opening = Opening.points(surroundings, common, repository);
        Job job = Job.open(surroundings, common);
        CloudStackClient client = cloud.client(surroundings)) {
      CloudStackScope scope = cloud.scope(client);
      Machine machine = new CloudStackInventory(client, scope).machine(vm);
      try (OpenPoints open = opening.take()) {
        LibvirtHosts reached =
            new LibvirtHosts(
                Map.copyOf(hosts),
                capture,
                BitmapOwner.of(open.location(), machine.name()),
                surroundings);
        CloudStackSource source =
            new CloudStackSource(client, scope, machine.id(), reached, job.state().ownerRecords());
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
