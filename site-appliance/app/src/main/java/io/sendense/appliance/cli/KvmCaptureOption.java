package io.sendense.appliance.cli;

import io.sendense.connectors.libvirt.Freezing;
import io.sendense.connectors.libvirt.LibvirtSourceOptions;
import io.sendense.connectors.libvirt.LibvirtUri;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a machine is captured through the libvirt of its host, whoever says which host that is. */
final class KvmCaptureOption {
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

  @Option(
      names = "--ceph-conf",
      paramLabel = "FILE",
      description =
          "Configuration of the Ceph cluster whose images are disks; with it, snapshots tell what"
              + " changed on them.")
  @Nullable Path cephConfiguration;

  @Option(
      names = "--ceph-user",
      paramLabel = "NAME",
      description = "Who asks it; its keyring is where that file says. Default: admin.")
  String cephUser = "admin";

  /**
   * @param machine its id or name there
   * @param owner tells our checkpoints from those of another chain
   * @throws SendenseException BAD_ARGUMENT
   */
  LibvirtSourceOptions options(LibvirtUri uri, String machine, String owner) {
    Optional<LibvirtSourceOptions.Tls> tls =
        Optional.ofNullable(nbdTls)
            .map(it -> it.toAbsolutePath().normalize())
            .map(it -> new LibvirtSourceOptions.Tls(uri.host().orElse("localhost"), nbdPort, it));
    return LibvirtSourceOptions.of(uri, machine, scratch.toAbsolutePath().normalize(), owner, tls)
        .withFreezing(freezing())
        .withCeph(
            Optional.ofNullable(cephConfiguration)
                .map(it -> it.toAbsolutePath().normalize())
                .map(it -> new LibvirtSourceOptions.Ceph(it, cephUser)));
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
