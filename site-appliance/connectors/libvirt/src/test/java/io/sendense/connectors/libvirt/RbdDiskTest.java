package io.sendense.connectors.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.connectors.testkit.RecordsInMemory;
import io.sendense.domain.BlockRange;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.Peers;
import io.sendense.testkit.ceph.CephCluster;
import io.sendense.testkit.libvirt.LibvirtServer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A disk that is an image of a real Ceph, tracked by its snapshots. */
@Tag("server")
class RbdDiskTest {
  /** One object; what is new behind the end of one is named from there. */
  private static final BlockRange OBJECT = new BlockRange(4 << 20, 4 << 20);

  private static final BlockRange FIRST = new BlockRange(5 << 20, 65536);
  private static final BlockRange SECOND = new BlockRange(7 << 20, 65536);

  private final RecordsInMemory records = new RecordsInMemory();
  private final SplittableRandom random = new SplittableRandom(8);

  private LibvirtSource source(LibvirtServer server, Path scratch, Optional<Path> configuration) {
    return new LibvirtSource(
        LibvirtSourceOptions.of(
                LibvirtUri.parse(server.uri()),
                server.virsh("domuuid", "rbd").strip(),
                scratch,
                "ceph")
            .withScratchFloorBytes(1 << 20)
            .withCeph(configuration.map(it -> new LibvirtSourceOptions.Ceph(it, "admin"))),
        records,
        TestDomain.CLOCK,
        random);
  }

  private static void io(LibvirtServer server, String command) {
    server.virsh(
        "qemu-monitor-command",
        "rbd",
        "--hmp",
        "qemu-io -d /machine/peripheral/virtio-disk0/virtio-backend \"" + command + "\"");
  }

  private static void write(LibvirtServer server, int value, BlockRange range) {
    io(server, "write -q -P %d %d %d".formatted(value, range.offset(), range.length()));
  }

  private static int byteAt(Capture capture, BlockRange range) {
    ByteBuffer read = ByteBuffer.allocate(512);
    capture.disks().getFirst().reader().read(range.offset(), read);
    return read.get(0);
  }

  private static List<BlockRange> tracked(Capture capture) {
    return ((ChangeSet.Tracked) capture.disks().getFirst().changes()).ranges();
  }

  private static String reason(Capture capture) {
    return ((ChangeSet.Untracked) capture.disks().getFirst().changes()).reason();
  }

  private static Baseline commit(Capture capture) {
    capture.commit();
    return capture.baseline();
  }

  @Test
  void snapshotsTellWhatChangedAndGoWithTheirPoints() throws Exception {
    Peers.requireFile(Path.of("/usr/lib/x86_64-linux-gnu/qemu/block-rbd.so"), "qemu-block-extra");
    try (LibvirtServer server = LibvirtServer.start();
        CephCluster ceph =
            CephCluster.start(Files.createDirectories(server.folder().resolve("ceph")))) {
      ceph.rbd("create", "disk", "--size", "16M");
      ceph.rbd("snap", "create", "--no-progress", "disk@theirs");
      Path scratch = Files.createDirectories(server.folder().resolve("scratch"));
      server.own(scratch);
      server.define(
          """
          <domain type='qemu'><name>rbd</name><memory unit='MiB'>32</memory><vcpu>1</vcpu>
          <os><type arch='x86_64' machine='pc'>hvm</type></os><devices>
          <disk type='network' device='disk'><driver name='qemu' type='raw' cache='writeback'/>
          <source protocol='rbd' name='rbd/disk'><config file='%s'/></source>
          <target dev='vda' bus='virtio'/></disk></devices></domain>
          """
              .formatted(ceph.configuration()));
      server.virsh("start", "--paused", "rbd");
      LibvirtSource source = source(server, scratch, Optional.of(ceph.configuration()));
      // From the first flush on, librbd holds writes back.
      write(server, 1, OBJECT);
      io(server, "flush");
      Baseline first;
      try (Capture capture = source.capture(Optional.empty())) {
        assertThat(reason(capture)).contains("no snapshot of image rbd/disk was taken");
        assertThat(byteAt(capture, FIRST)).isEqualTo(1);
        write(server, 2, SECOND);
        assertThat(byteAt(capture, SECOND)).isEqualTo(1);
        first = commit(capture);
      }
      assertThat(snapshots(ceph)).hasSize(2).contains("theirs");
      write(server, 3, FIRST);
      try (Capture capture = source.capture(Optional.of(first))) {
        assertThat(tracked(capture)).containsExactly(FIRST, SECOND);
        assertThat(byteAt(capture, FIRST)).isEqualTo(3);
        assertThat(byteAt(capture, SECOND)).isEqualTo(2);
      }
      // It was not committed: its baseline is still the first.
      Baseline second;
      try (Capture capture = source.capture(Optional.of(first))) {
        assertThat(tracked(capture)).containsExactly(FIRST, SECOND);
        second = commit(capture);
      }
      assertThat(snapshots(ceph)).hasSize(2);
      assertThat(records.all()).isEmpty();
      try (Capture capture = source.capture(Optional.of(second))) {
        assertThat(tracked(capture)).isEmpty();
      }

      // A process that is no more: the next one begins with what it left.
      LibvirtSource killed = source(server, scratch, Optional.of(ceph.configuration()));
      Capture left = killed.capture(Optional.of(second));
      assertThat(left.disks()).hasSize(1);
      assertThat(snapshots(ceph)).hasSize(3);
      write(server, 4, SECOND);
      source.reap();
      assertThat(snapshots(ceph)).hasSize(2);
      assertThat(records.all()).isEmpty();
      Baseline third;
      try (Capture capture = source.capture(Optional.of(second))) {
        assertThat(tracked(capture)).containsExactly(SECOND);
        third = commit(capture);
      }

      assertLostSnapshotsAreNoticed(server, ceph, scratch, third);
      source.forget();
      assertThat(snapshots(ceph)).containsExactly("theirs");
      server.virsh("destroy", "rbd");
    }
  }

  private void assertLostSnapshotsAreNoticed(
      LibvirtServer server, CephCluster ceph, Path scratch, Baseline baseline) throws Exception {
    try (Capture capture =
        source(server, scratch, Optional.empty()).capture(Optional.of(baseline))) {
      assertThat(reason(capture)).contains("--ceph-conf");
    }
    Path wrong = scratch.resolve("none.conf");
    try (Capture capture =
        source(server, scratch, Optional.of(wrong)).capture(Optional.of(baseline))) {
      assertThat(reason(capture)).contains("rbd info: ");
    }
    LibvirtSource source = source(server, scratch, Optional.of(ceph.configuration()));
    String ours =
        snapshots(ceph).stream().filter(it -> !it.equals("theirs")).findFirst().orElseThrow();
    ceph.rbd("snap", "rm", "--no-progress", "disk@" + ours);
    ceph.rbd("snap", "create", "--no-progress", "disk@" + ours);
    Baseline next;
    try (Capture capture = source.capture(Optional.of(baseline))) {
      assertThat(reason(capture)).contains("is not that of the point before");
      next = commit(capture);
    }
    ceph.rbd("snap", "purge", "--no-progress", "disk");
    ceph.rbd("snap", "create", "--no-progress", "disk@theirs");
    try (Capture capture = source.capture(Optional.of(next))) {
      assertThat(reason(capture)).contains("is no longer there");
    }
    ceph.rbd("feature", "disable", "disk", "object-map", "fast-diff", "exclusive-lock");
    try (Capture capture = source.capture(Optional.of(next))) {
      assertThat(reason(capture)).contains("has no exclusive lock");
    }
  }

  private static List<String> snapshots(CephCluster ceph) {
    return RbdText.snapshots(ceph.rbd("snap", "ls", "--format", "json", "disk")).stream()
        .map(Rbd.Snapshot::name)
        .toList();
  }

  @Test
  void whatIsNotUnderstoodIsNotTakenForNoChange() {
    assertThat(RbdText.ranges("[]")).isEmpty();
    assertThat(RbdText.ranges("[{\"offset\":0,\"length\":7,\"exists\":\"false\"}]\n"))
        .singleElement()
        .isEqualTo(new long[] {0, 7});
    for (String odd :
        List.of(
            "",
            "{}",
            "[{\"offset\":0,\"length\":7}]",
            "[{\"offset\":0,\"length\":-7,\"exists\":\"true\"}]",
            "[{\"offset\":0,\"length\":7,\"exists\":\"true\"} x]",
            "[{\"offset\":0,\"length\":7,\"exists\":\"true\"},{\"offset\":9}]")) {
      assertThatThrownBy(() -> RbdText.ranges(odd)).isInstanceOf(SendenseException.class);
    }
  }
}
