package io.sendense.appliance.cli;

import io.sendense.connectors.libvirt.Freezing;
import io.sendense.connectors.libvirt.LibvirtSource;
import io.sendense.connectors.libvirt.LibvirtSourceOptions;
import io.sendense.connectors.libvirt.LibvirtUri;
import io.sendense.connectors.spi.Machine;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.BackupJob;
import io.sendense.engine.BackupReport;
import io.sendense.engine.CommunityLicence;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description =
          "Where QEMU keeps old blocks meanwhile; it must be able to write there. Default:"
              + " /var/tmp.")
  Path scratch = Path.of("/var/tmp");

  @Option(
      names = "--consistency",
      paramLabel = "auto|require|crash",
      description =
          "auto: the guest's agent lets its file systems stand still for the instant, where it can."
              + " require: no point without. crash: it is not asked. Default: auto.")
  String consistency = "auto";

  @Option(
      names = "--nbd-tls",
      paramLabel = "DIR",
      description =
          "For a host reached by TLS: ca-cert.pem, client-cert.pem and client-key.pem, with which"
              + " the disks are read from its QEMU.")
  @Nullable Path nbdTls;

  @Option(
      names = "--nbd-port",
      paramLabel = "PORT",
      description = "On which QEMU serves them on that host meanwhile. Default: 10809.")
  int nbdPort = 10809;

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
            options(machine, BitmapOwner.of(open.location(), machine.name()));
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

  private LibvirtSourceOptions options(Machine machine, String owner) {
    LibvirtUri uri = host.uri();
    Optional<LibvirtSourceOptions.Tls> tls =
        Optional.ofNullable(nbdTls)
            .map(it -> it.toAbsolutePath().normalize())
            .map(it -> new LibvirtSourceOptions.Tls(uri.host().orElse("localhost"), nbdPort, it));
    return LibvirtSourceOptions.of(
            uri, machine.id(), scratch.toAbsolutePath().normalize(), owner, tls)
        .withFreezing(freezing());
  }

  private Freezing freezing() {
    return switch (consistency) {
      case "auto" -> Freezing.AUTO;
      case "require" -> Freezing.REQUIRE;
      case "crash" -> Freezing.CRASH;
      default ->
          throw new SendenseException(
              ErrorCode.BAD_ARGUMENT,
              "--consistency knows no \"" + consistency + "\"",
              "Use auto, require or crash.");
    };
  }
}
