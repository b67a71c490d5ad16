package io.sendense.lab.cloudstack;

import io.sendense.testkit.libvirt.LibvirtServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What CloudStack's agent does on a host: its domains are transient, bear the machine's UUID and
 * are called {@code i-ACCOUNT-NUMBER-VM}.
 */
final class KvmHost {
  private final LibvirtServer libvirt;
  private final Path pool;

  KvmHost(LibvirtServer libvirt, Path pool) {
    this.libvirt = libvirt;
    this.pool = pool;
  }

  /** Where a machine's serial console is written. */
  Path console(Row vm) {
    return libvirt.folder().resolve(vm.text("_instance") + ".console");
  }

  void start(Row vm, List<Row> volumes) {
    try {
      Path file = Files.createTempFile(libvirt.folder(), "domain", ".xml");
      Files.writeString(file, xml(vm, volumes));
      // A privileged libvirt hands images to its QEMU by itself.
      volumes.forEach(volume -> libvirt.own(pool.resolve(volume.text("path"))));
      libvirt.virsh("create", file.toString());
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (AssertionError e) {
      throw new LabError(
          LabError.CAPACITY, "Unable to start " + vm.text("name") + ": " + e.getMessage());
    }
  }

  boolean runs(Row vm) {
    return libvirt.virsh("list", "--name").lines().toList().contains(vm.text("_instance"));
  }

  void stop(Row vm) {
    if (runs(vm)) {
      libvirt.virsh("destroy", vm.text("_instance"));
    }
  }

  private String xml(Row vm, List<Row> volumes) {
    StringBuilder devices = new StringBuilder();
    for (Row volume : volumes) {
      devices.append(
          """
          <disk type='file' device='disk'><driver name='qemu' type='qcow2' cache='none'/>
          <source file='%s'/><target dev='vd%c' bus='virtio'/><serial>%s</serial>
          <boot order='%d'/></disk>
          """
              .formatted(
                  pool.resolve(volume.text("path")),
                  (char) ('a' + volume.number("deviceid")),
                  volume.id().replace("-", "").substring(0, 20),
                  // A BIOS shows its guest only the disks that it may boot from.
                  volume.number("deviceid") + 1));
    }
    for (Row nic : vm.rows("nic")) {
      devices.append(
          "<interface type='user'><mac address='%s'/><model type='virtio'/></interface>"
              .formatted(nic.text("macaddress")));
    }
    return """
    <domain type='qemu'><name>%s</name><uuid>%s</uuid>
    <description>Other Linux (64-bit)</description>
    <memory unit='MiB'>%d</memory><vcpu>%d</vcpu>
    <os><type arch='x86_64' machine='pc'>hvm</type></os>
    <devices>%s<serial type='file'><source path='%s'/></serial></devices></domain>
    """
        .formatted(
            vm.text("_instance"),
            vm.id(),
            vm.number("memory"),
            vm.number("cpunumber"),
            devices,
            console(vm));
  }
}
