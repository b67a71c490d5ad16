package io.sendense.connectors.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.connectors.testkit.RecordsInMemory;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.libvirt.LibvirtServer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A disk on a block device, as a logical volume is one; here it is a loop device. */
@Tag("server")
class BlockDiskTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final RecordsInMemory records = new RecordsInMemory();

  private static String run(String... command) {
    return ChildProcess.run(SOON, command).orFail().stdout().strip();
  }

  private static int firstByte(CapturedDisk disk, long at) {
    ByteBuffer read = ByteBuffer.allocate(512);
    disk.reader().read(at, read);
    return read.get(0);
  }

  @Test
  void aBlockDeviceIsCapturedAtOneInstantAndComparedInFull() throws Exception {
    Peers.require("losetup");
    Peers.requireRoot("a loop device");
    Peers.requireFile(Path.of("/dev/loop-control"), "the kernel's module loop");
    try (LibvirtServer server = LibvirtServer.start()) {
      Path scratch = Files.createDirectories(server.folder().resolve("block"));
      TestDomain.image("raw", 8 << 20, scratch.resolveSibling("volume"));
      server.own(server.folder());
      String device = run("losetup", "--find", "--show", server.folder() + "/volume");
      try {
        server.own(Path.of(device));
        server.define(
            """
            <domain type='qemu'><name>block</name><memory unit='MiB'>32</memory><vcpu>1</vcpu>
            <os><type arch='x86_64' machine='pc'>hvm</type></os><devices>
            <disk type='block' device='disk'><driver name='qemu' type='raw'/><source dev='%s'/>
            <target dev='vda' bus='virtio'/></disk></devices></domain>
            """
                .formatted(device));
        server.virsh("start", "--paused", "block");
        LibvirtSource source =
            new LibvirtSource(
                LibvirtSourceOptions.of(
                        LibvirtUri.parse(server.uri()),
                        server.virsh("domuuid", "block").strip(),
                        scratch,
                        "block")
                    .withScratchFloorBytes(1 << 20),
                records,
                TestDomain.CLOCK,
                new SplittableRandom(8));
        Baseline baseline;
        try (Capture capture = source.capture(Optional.empty())) {
          write(server, 7);
          assertThat(firstByte(capture.disks().getFirst(), 0)).isZero();
          capture.commit();
          baseline = capture.baseline();
        }
        try (Capture capture = source.capture(Optional.of(baseline))) {
          CapturedDisk disk = capture.disks().getFirst();
          assertThat(((ChangeSet.Untracked) disk.changes()).reason())
              .contains("raw keeps no dirty bitmap");
          assertThat(disk.reader().sizeBytes()).isEqualTo(8 << 20);
          assertThat(firstByte(disk, 0)).isEqualTo(7);
        }
        assertThat(records.all()).isEmpty();
        server.virsh("destroy", "block");
      } finally {
        run("chown", "root:disk", device);
        run("losetup", "--detach", device);
      }
    }
  }

  private static void write(LibvirtServer server, int value) {
    server.virsh(
        "qemu-monitor-command",
        "block",
        "--hmp",
        "qemu-io -d /machine/peripheral/virtio-disk0/virtio-backend \"write -q -P %d 0 65536\""
            .formatted(value));
  }
}
