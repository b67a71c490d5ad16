package io.sendense.demo.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.connectors.kvm.QemuSource;
import io.sendense.connectors.kvm.QemuSourceOptions;
import io.sendense.connectors.kvm.QemuVm;
import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.domain.BlockRange;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.ShortTempDir;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real guest, captured while it writes; its own records are the judge. */
@Tag("server")
class GuestTest {
  private static final String UUID = "6fb1f3a8-9b1c-4c3f-8f61-0d8a4a6f0002";
  private static final Duration LONG = Duration.ofMinutes(3);

  @TempDir(factory = ShortTempDir.class)
  private Path folder;

  private GuestImage image = new GuestImage(Path.of("/"), Path.of("/"));
  private Accelerator accelerator = Accelerator.TCG;
  private Path scratch = Path.of("/");

  @BeforeEach
  void buildGuest() throws IOException {
    for (String tool : List.of("qemu-system-x86_64", "qemu-img", "mke2fs", "apt-get", "dpkg-deb")) {
      assertThat(Peers.require(tool)).isNotNull();
    }
    Path cache = Path.of("target", "guest-image");
    image = GuestImage.build(cache);
    accelerator = Accelerator.choose(image, cache.toAbsolutePath()).accelerator();
    scratch = Files.createDirectory(folder.resolve("scratch"));
  }

  private RunningGuest start() {
    return RunningGuest.start(
        image,
        accelerator,
        GuestDisks.create(folder.resolve("disks")),
        folder.resolve("guest"),
        "demo",
        UUID,
        InstantSource.system());
  }

  private QemuSource source(RunningGuest guest, long minimumScratchBytes) {
    return new QemuSource(
        new QemuSourceOptions(
            guest.qmpSocket(),
            scratch,
            "story",
            minimumScratchBytes,
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            2),
        records(),
        InstantSource.system(),
        new Random(1));
  }

  private HoldingCapture.FileRecords records() {
    return new HoldingCapture.FileRecords(folder.resolve("owner-records"));
  }

  @Test
  void whatWasAcknowledgedBeforeTheCommandIsInTheRestoredGuest() throws IOException {
    try (RunningGuest guest = start()) {
      guest.awaitAcks(40, LONG);
      assertThat(QemuVm.describe(guest.qmpSocket(), LONG))
          .extracting(QemuVm::name, QemuVm::uuid, QemuVm::status)
          .containsExactly("demo", UUID, "running");
      QemuSource source = source(guest, 1 << 20);
      Baseline baseline;
      try (Capture full = source.capture(Optional.empty())) {
        copy(full);
        baseline = full.baseline();
        full.commit();
      }
      guest.awaitAcks(guest.acks().size() + 60, LONG);

      List<Ack> beforeCommand = guest.acks();
      try (Capture incremental = source.capture(Optional.of(baseline))) {
        guest.awaitAcks(guest.acks().size() + 20, LONG);
        copy(incremental);
        assertCopyIsTheWholeDisk(incremental);
        assertThat(incremental.disks())
            .extracting(CapturedDisk::changes)
            .allMatch(changes -> changes instanceof ChangeSet.Tracked);
        assertThat(changedBytes(incremental)).isBetween(1L, 64L << 20);
        incremental.commit();
      }
      guest.awaitAcks(guest.acks().size() + 5, LONG);
      guest.kill();
      guest.destroyDisks();

      RecordProof proof =
          RecordProof.ofRestored(
              image,
              accelerator,
              GuestDisks.of(folder.resolve("data.raw"), folder.resolve("log.raw"), "raw"),
              folder.resolve("verify"),
              beforeCommand,
              LONG);
      assertThat(proof.holds()).as(proof.summary()).isTrue();
      assertThat(proof.found()).isLessThan(guest.acks().size());
      assertThat(Files.readAllLines(folder.resolve("guest/acks.log"))).hasSize(guest.acks().size());
    }
  }

  @Test
  void aFullScratchFailsTheCaptureAndTheGuestWritesOn() throws IOException {
    int mounted =
        ChildProcess.run(
                Duration.ofSeconds(10),
                Peers.require("mount").toString(),
                "-t",
                "tmpfs",
                "-o",
                "size=128k",
                "tmpfs",
                scratch.toString())
            .exitCode();
    Assumptions.assumeTrue(mounted == 0, "a small file system can be mounted only by root");
    try (RunningGuest guest = start()) {
      guest.awaitAcks(20, LONG);
      QemuSource source = source(guest, 1);
      try (Capture capture = source.capture(Optional.empty())) {
        guest.awaitAcks(guest.acks().size() + 60, LONG);
        assertThatThrownBy(() -> copy(capture)).isInstanceOf(SendenseException.class);
      }
      guest.awaitAcks(guest.acks().size() + 20, LONG);
      assertThat(QemuVm.describe(guest.qmpSocket(), LONG).status()).isEqualTo("running");
      assertThat(guest.console()).doesNotContain("error").doesNotContain("FAILED");
      assertThat(scratch).isEmptyDirectory();
    } finally {
      ChildProcess.run(
          Duration.ofSeconds(10), Peers.require("umount").toString(), scratch.toString());
    }
  }

  @Test
  void anApplianceKilledDuringACaptureDoesNotDisturbTheGuestAndLosesNoWrite() throws IOException {
    try (RunningGuest guest = start()) {
      guest.awaitAcks(20, LONG);
      QemuSource source = source(guest, 1 << 20);
      Baseline baseline;
      try (Capture full = source.capture(Optional.empty())) {
        copy(full);
        baseline = full.baseline();
        full.commit();
      }
      try (ChildProcess appliance =
          ChildProcess.start(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              HoldingCapture.class.getName(),
              guest.qmpSocket().toString(),
              scratch.toString(),
              folder.resolve("owner-records").toString(),
              baseline.token())) {
        appliance.awaitOutput("HOLDING", LONG);
        guest.awaitAcks(guest.acks().size() + 20, LONG);
        appliance.kill();
      }
      guest.awaitAcks(guest.acks().size() + 20, LONG);
      assertThat(scratch).isNotEmptyDirectory();
      source(guest, 1 << 20).reap();
      assertThat(scratch).isEmptyDirectory();
      assertThat(records().list("qemu:" + guest.qmpSocket())).isEmpty();

      guest.awaitAcks(guest.acks().size() + 20, LONG);
      try (Capture incremental = source.capture(Optional.of(baseline))) {
        assertThat(incremental.disks())
            .extracting(CapturedDisk::changes)
            .allMatch(changes -> changes instanceof ChangeSet.Tracked);
        copy(incremental);
        assertCopyIsTheWholeDisk(incremental);
      }
      assertThat(guest.console()).doesNotContain("error").doesNotContain("FAILED");
    }
  }

  @Test
  void manyCapturesInARowDoNotDisturbTheGuest() throws IOException {
    try (RunningGuest guest = start()) {
      guest.awaitAcks(10, LONG);
      QemuSource source = source(guest, 1 << 20);
      Optional<Baseline> baseline = Optional.empty();
      for (int i = 0; i < Integer.getInteger("sendense.test.captures", 12); i++) {
        try (Capture capture = source.capture(baseline)) {
          copy(capture);
          if (i % 3 != 2) {
            baseline = Optional.of(capture.baseline());
            capture.commit();
          }
        }
      }
      try (Capture last = source.capture(baseline)) {
        copy(last);
        assertCopyIsTheWholeDisk(last);
      }
      guest.awaitAcks(guest.acks().size() + 10, LONG);
      assertThat(guest.console()).doesNotContain("error").doesNotContain("FAILED");
    }
  }

  /** Into raw files beside: what changed, or what is not a hole where that is not known. */
  private void copy(Capture capture) throws IOException {
    for (CapturedDisk disk : capture.disks()) {
      BlockRange whole = new BlockRange(0, disk.reader().sizeBytes());
      List<BlockRange> ranges =
          switch (disk.changes()) {
            case ChangeSet.Tracked tracked -> tracked.ranges();
            case ChangeSet.Untracked untracked -> {
              assertThat(untracked.reason()).isNotBlank();
              yield disk.reader().allocated(whole);
            }
          };
      try (FileChannel file =
          FileChannel.open(
              folder.resolve(disk.name() + ".raw"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        for (BlockRange range : ranges) {
          copy(disk, range, file);
        }
        if (file.size() < whole.length()) {
          file.write(ByteBuffer.allocate(1), whole.length() - 1);
        }
      }
    }
  }

  private static void copy(CapturedDisk disk, BlockRange range, FileChannel file)
      throws IOException {
    for (long at = range.offset(); at < range.end(); at += 1 << 20) {
      ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(1 << 20, range.end() - at));
      disk.reader().read(at, buffer);
      file.write(buffer.flip(), at);
    }
  }

  private void assertCopyIsTheWholeDisk(Capture capture) throws IOException {
    for (CapturedDisk disk : capture.disks()) {
      try (FileChannel file =
          FileChannel.open(folder.resolve(disk.name() + ".raw"), StandardOpenOption.READ)) {
        for (long at = 0; at < disk.reader().sizeBytes(); at += 4 << 20) {
          ByteBuffer source = ByteBuffer.allocate(4 << 20);
          disk.reader().read(at, source);
          ByteBuffer copy = ByteBuffer.allocate(4 << 20);
          assertThat(file.read(copy, at)).isEqualTo(4 << 20);
          assertThat(source.flip().mismatch(copy.flip()))
              .as("first difference after " + at + " on " + disk.name())
              .isEqualTo(-1);
        }
      }
    }
  }

  private static long changedBytes(Capture capture) {
    long bytes = 0;
    for (CapturedDisk disk : capture.disks()) {
      if (disk.changes() instanceof ChangeSet.Tracked tracked) {
        bytes += tracked.ranges().stream().mapToLong(BlockRange::length).sum();
      }
    }
    return bytes;
  }
}
