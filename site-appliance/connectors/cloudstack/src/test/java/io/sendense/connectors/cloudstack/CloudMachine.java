package io.sendense.connectors.cloudstack;

import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.SourceConnector;
import io.sendense.connectors.testkit.SourceUnderTest;
import io.sendense.testkit.libvirt.LibvirtServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A machine of the lab whose guest has no work: its disks are written through its devices by QEMU's
 * monitor, exactly when the test says so.
 */
final class CloudMachine implements SourceUnderTest {
  private final LabSite site;
  private final String id;
  private final String host;
  private final String domain;

  CloudMachine(LabSite site, String name, String host) {
    this.site = site;
    this.host = host;
    this.id =
        site.lab
            .inside()
            .addMachine(name, "tiny", List.of(site.image(DISK_BYTES), site.image(DISK_BYTES)));
    site.lab.inside().start(id);
    this.domain = site.lab.inside().instanceName(id);
    virsh("suspend", domain);
  }

  private String virsh(String... arguments) {
    return libvirt().virsh(arguments);
  }

  private LibvirtServer libvirt() {
    return site.host(host);
  }

  String id() {
    return id;
  }

  @Override
  public List<String> disks() {
    return List.of("vda", "vdb");
  }

  @Override
  public SourceConnector connector(OwnerRecords records) {
    return site.source(id, records);
  }

  @Override
  public void write(String disk, int value, int offset, int length) {
    virsh(
        "qemu-monitor-command",
        domain,
        "--hmp",
        "qemu-io -d /machine/peripheral/virtio-disk%d/virtio-backend \"write -q -P %d %d %d\""
            .formatted(disks().indexOf(disk), value, offset, length));
  }

  @Override
  public List<String> remains() {
    TreeSet<String> all = new TreeSet<>();
    virsh("domjobinfo", domain).lines().filter(l -> l.startsWith("Job type")).forEach(all::add);
    virsh("qemu-monitor-command", domain, "--hmp", "info block-jobs")
        .lines()
        .map(l -> "block job " + l)
        .forEach(all::add);
    try (Stream<java.nio.file.Path> files = Files.list(site.scratch(host))) {
      files.map(f -> "file " + f.getFileName()).forEach(all::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    all.addAll(site.lab.inside().everything());
    return new ArrayList<>(all);
  }

  /** Libvirt keeps no checkpoints of transient machines, and CloudStack's are. */
  @Override
  public boolean tracks() {
    return false;
  }

  @Override
  public boolean standsStill() {
    return true;
  }

  @Override
  public boolean abandon(Capture capture) {
    return true;
  }

  @Override
  public void close() {
    site.lab.inside().expunge(id);
  }
}
