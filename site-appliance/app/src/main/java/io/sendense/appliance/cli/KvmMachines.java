package io.sendense.appliance.cli;

import io.sendense.connectors.libvirt.LibvirtTarget;
import io.sendense.connectors.libvirt.LibvirtUri;
import io.sendense.connectors.spi.Blocker;
import io.sendense.connectors.spi.Machine;
import io.sendense.connectors.spi.MachinePlan;
import io.sendense.connectors.spi.MachineText;
import io.sendense.connectors.spi.Readiness;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.BackupJob;
import io.sendense.repository.format.RestorePoint;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The machine that is made out of a point on a libvirt host, as options say it. */
final class KvmMachines {
  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the new machine. Default: that of the machine in the point.")
  @Nullable String name;

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

  /**
   * @throws SendenseException NOT_FOUND where the point describes no machine
   */
  MachinePlan plan(RestorePoint found) {
    return plan(found, name, networks, keepMac);
  }

  /**
   * The machine that a point describes, for any platform.
   *
   * @param name null for that of the machine in the point
   * @throws SendenseException NOT_FOUND where the point describes no machine
   */
  static MachinePlan plan(
      RestorePoint found, @Nullable String name, Map<String, String> networks, boolean keepMac) {
    Machine machine =
        Optional.ofNullable(found.annotations().get(BackupJob.MACHINE))
            .map(MachineText::read)
            .orElseThrow(
                () ->
                    new SendenseException(
                        ErrorCode.NOT_FOUND,
                        "point " + found.id() + " holds disks and no description of a machine",
                        "Restore its disks with: restore --to, and define the machine by hand."));
    return MachinePlan.like(
        machine,
        Optional.ofNullable(name).orElse(machine.name()),
        found.disks().stream()
            .map(disk -> new MachinePlan.Disk(disk.name(), disk.sizeBytes()))
            .toList(),
        networks,
        keepMac);
  }

  /** Where the images of a machine lie. */
  static LibvirtTarget.Place place(
      LibvirtUri uri, Path folder, String machine, String format, String ending) {
    Path there = folder.toAbsolutePath().normalize();
    return new LibvirtTarget.Place(
        uri,
        there,
        format,
        disk -> there.resolve(Disks.fileName(machine + "-" + disk + "." + ending)));
  }

  static SendenseException blocked(Readiness.Blocked blocked) {
    Blocker first = blocked.blockers().getFirst();
    return new SendenseException(
        first.kind() == Blocker.Kind.NAME ? ErrorCode.ALREADY_EXISTS : ErrorCode.CONFLICT,
        "the machine cannot be made here: "
            + String.join("; ", blocked.blockers().stream().map(Blocker::what).toList()),
        first.remedy());
  }
}
