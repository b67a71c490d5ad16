package io.sendense.connectors.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.connectors.testkit.RecordsInMemory;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.Ports;
import io.sendense.testkit.guest.RecordingGuest;
import io.sendense.testkit.libvirt.LibvirtHost;
import io.sendense.testkit.libvirt.LibvirtServer;
import io.sendense.testkit.libvirt.RecordingMachine;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A running guest that moves between two daemons that appear as two hosts, on shared storage. */
@Tag("server")
class MigrationTest {
  private final RecordsInMemory records = new RecordsInMemory();
  private final RandomGenerator random = new SplittableRandom(6);

  private LibvirtSource source(LibvirtServer host, RecordingMachine machine) {
    return new LibvirtSource(
        LibvirtSourceOptions.of(
                LibvirtUri.parse(host.uri()),
                host.virsh("domuuid", machine.name()).strip(),
                machine.scratch(),
                "moving")
            .withScratchFloorBytes(1 << 20),
        records,
        TestDomain.CLOCK,
        random);
  }

  private static Baseline committed(LibvirtSource source, Optional<Baseline> before) {
    try (Capture capture = source.capture(before)) {
      capture.commit();
      return capture.baseline();
    }
  }

  private static String bitmaps(RecordingMachine machine) {
    return ChildProcess.run(
            Duration.ofSeconds(30),
            Peers.require("qemu-img").toString(),
            "info",
            "-U",
            machine.scratch().resolveSibling("boot.qcow2").toString())
        .orFail()
        .stdout();
  }

  @Test
  void aMachineThatMovedIsCapturedOnItsNewHostAndLeavesNothingOnTheOld() {
    RecordingGuest guest = RecordingGuest.build();
    try (LibvirtServer one =
            LibvirtServer.start(LibvirtHost.other("one", "11111111-2222-3333-4444-555555555501"));
        LibvirtServer two =
            LibvirtServer.start(LibvirtHost.other("two", "11111111-2222-3333-4444-555555555502"))) {
      RecordingMachine machine = RecordingMachine.direct(one, "mover", guest, "none");
      machine.start();
      machine.awaitMoreRecords(3);
      Baseline baseline = committed(source(one, machine), Optional.empty());

      one.virsh(
          "migrate",
          "--live",
          "--persistent",
          "--undefinesource",
          "--unsafe",
          "--migrateuri",
          "tcp://127.0.0.1:" + Ports.claim(0, "migration"),
          machine.name(),
          two.uri());

      assertThat(one.virsh("list", "--all", "--name").strip()).isEmpty();
      machine.awaitMoreRecords(3);
      LibvirtSource moved = source(two, machine);
      try (Capture capture = moved.capture(Optional.of(baseline))) {
        // The checkpoint stayed behind with the old host, its bitmaps came along in the images.
        for (CapturedDisk disk : capture.disks()) {
          assertThat(disk.changes()).isInstanceOf(ChangeSet.Tracked.class);
        }
        capture.commit();
        baseline = capture.baseline();
      }
      machine.awaitMoreRecords(3);
      try (Capture capture = moved.capture(Optional.of(baseline))) {
        assertThat(capture.disks().getFirst().changes()).isInstanceOf(ChangeSet.Tracked.class);
      }
      assertThat(records.all()).isEmpty();
      moved.forget();
      assertThat(two.virsh("checkpoint-list", machine.name(), "--name").strip()).isEmpty();
      two.virsh("destroy", machine.name());
      assertThat(bitmaps(machine)).doesNotContain("sendense-moving");
    }
  }
}
