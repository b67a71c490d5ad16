package io.sendense.connectors.libvirt;

import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.SourceConnector;
import io.sendense.connectors.testkit.SourceUnderTest;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.libvirt.LibvirtServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A machine of a real libvirt and QEMU whose processor does not run: its disks are written through
 * the guest's device, by QEMU's monitor, exactly when the test says so.
 */
final class TestDomain implements SourceUnderTest {
  static final InstantSource CLOCK = () -> Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final LibvirtServer server;
  private final String name;
  private final List<String> formats;
  private final Path folder;
  private final RandomGenerator random = new SplittableRandom(3);

  /**
   * @param formats of its disks vda, vdb and so on
   */
  TestDomain(LibvirtServer server, String name, List<String> formats) {
    this.server = server;
    this.name = name;
    this.formats = formats;
    this.folder = server.folder().resolve(name);
    try {
      Files.createDirectories(folder.resolve("scratch"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (int i = 0; i < formats.size(); i++) {
      image(formats.get(i), DISK_BYTES, image(i));
    }
    server.own(folder);
    server.define(xml());
    start();
  }

  static void image(String format, long bytes, Path file) {
    ChildProcess.run(
            DEADLINE,
            Peers.require("qemu-img").toString(),
            "create",
            "-q",
            "-f",
            format,
            file.toString(),
            Long.toString(bytes))
        .orFail();
  }

  Path image(int disk) {
    return folder.resolve("disk" + disk + "." + formats.get(disk));
  }

  String xml() {
    StringBuilder disks = new StringBuilder();
    for (int i = 0; i < formats.size(); i++) {
      disks.append(
          "<disk type='file' device='disk'><driver name='qemu' type='%s'/><source file='%s'/><target dev='%s' bus='virtio'/></disk>"
              .formatted(formats.get(i), image(i), disks().get(i)));
    }
    return ("<domain type='qemu'><name>%s</name><memory unit='MiB'>32</memory><vcpu>1</vcpu>"
            + "<os><type arch='x86_64' machine='pc'>hvm</type></os><devices>%s"
            + "<disk type='file' device='cdrom'><target dev='sda' bus='sata'/></disk>"
            + "<interface type='user'><mac address='52:54:00:11:22:33'/><model type='virtio'/>"
            + "</interface></devices></domain>")
        .formatted(name, disks);
  }

  void start() {
    server.virsh("start", "--paused", name);
  }

  String uuid() {
    return server.virsh("domuuid", name).strip();
  }

  Path scratch() {
    return folder.resolve("scratch");
  }

  String name() {
    return name;
  }

  LibvirtSourceOptions options() {
    return LibvirtSourceOptions.of(LibvirtUri.parse(server.uri()), uuid(), scratch(), "test")
        .withScratchFloorBytes(1 << 20);
  }

  @Override
  public List<String> disks() {
    return Stream.of("vda", "vdb", "vdc", "vdd").limit(formats.size()).toList();
  }

  @Override
  public SourceConnector connector(OwnerRecords records) {
    return new LibvirtSource(options(), records, CLOCK, random);
  }

  @Override
  public void write(String disk, int value, int offset, int length) {
    server.virsh(
        "qemu-monitor-command",
        name,
        "--hmp",
        "qemu-io -d /machine/peripheral/virtio-disk%d/virtio-backend \"write -q -P %d %d %d\""
            .formatted(disks().indexOf(disk), value, offset, length));
  }

  @Override
  public List<String> remains() {
    TreeSet<String> all = new TreeSet<>();
    server
        .virsh("checkpoint-list", name, "--name")
        .lines()
        .map(l -> "checkpoint " + l)
        .forEach(all::add);
    server
        .virsh("domjobinfo", name)
        .lines()
        .filter(l -> l.startsWith("Job type"))
        .forEach(all::add);
    server
        .virsh("qemu-monitor-command", name, "--hmp", "info block-jobs")
        .lines()
        .map(l -> "block job " + l)
        .forEach(all::add);
    try (Stream<Path> files = Files.list(scratch())) {
      files.map(f -> "file " + f.getFileName()).forEach(all::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ArrayList<>(all);
  }

  @Override
  public boolean tracks() {
    return formats.stream().allMatch("qcow2"::equals);
  }

  @Override
  public boolean standsStill() {
    return true;
  }

  @Override
  public boolean abandon(Capture capture) {
    // Its connections stay open, as they would for a while with a host that lost its power.
    return true;
  }

  @Override
  public void close() {
    if (server.virsh("list", "--name").lines().toList().contains(name)) {
      server.virsh("destroy", name);
    }
    if (server.virsh("list", "--all", "--name").lines().toList().contains(name)) {
      server.virsh("undefine", "--checkpoints-metadata", name);
    }
  }
}
