package io.sendense.connectors.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.ShortTempDir;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The source against a real QEMU whose disks the test writes as a guest would. */
@Tag("server")
class QemuSourceTest {
  private static final InstantSource CLOCK = () -> Instant.parse("2026-01-01T00:00:00Z");

  @TempDir(factory = ShortTempDir.class)
  private Path folder;

  private Path scratch = Path.of("/");
  private final Random random = new Random(7);

  @BeforeEach
  void makeScratch() throws Exception {
    scratch = Files.createDirectory(folder.resolve("scratch"));
  }

  private QemuSource source(TestVm vm) {
    QemuSourceOptions defaults = QemuSourceOptions.of(vm.socket(), scratch, "test");
    return new QemuSource(
        defaults, new FileOwnerRecords(folder.resolve("owner-records")), CLOCK, random);
  }

  @Test
  void inventoryNamesTheMachineAndItsDisks() {
    try (TestVm vm = TestVm.twoDisks(folder)) {
      assertThat(QemuVm.describe(vm.socket(), TestVm.DEADLINE))
          .isEqualTo(
              new QemuVm(
                  "testvm",
                  "6fb1f3a8-9b1c-4c3f-8f61-0d8a4a6f0001",
                  "prelaunch",
                  List.of(
                      new QemuVm.Disk("vda", "qcow2", 8 << 20),
                      new QemuVm.Disk("virtio0", "qcow2", 8 << 20))));
    }
  }

  @Test
  void allDisksStandStillAtOneInstantWhileTheGuestWrites() {
    try (TestVm vm = TestVm.twoDisks(folder)) {
      Model model = new Model(vm);
      model.write("vda", 1, 0, 3 << 20);
      model.write("virtio0", 2, 1 << 20, 1 << 20);
      List<String> before = vm.remains();
      Map<String, byte[]> instant = model.now();
      try (Capture capture = source(vm).capture(Optional.empty())) {
        model.write("vda", 9, 0, 1 << 20);
        model.write("virtio0", 9, 0, 8 << 20);
        Model.assertReads(capture, instant);
        model.write("vda", 8, 1 << 20, 7 << 20);
        Model.assertReads(capture, instant);
        assertThat(capture.consistency()).isEqualTo(Capture.Consistency.CRASH);
        assertThat(capture.takenAt()).isEqualTo(CLOCK.instant());
        assertThat(capture.disks())
            .extracting(CapturedDisk::changes)
            .allMatch(c -> c instanceof ChangeSet.Untracked);
      }
      assertThat(vm.remains()).isEqualTo(before);
      assertThat(TestVm.files(scratch)).isEmpty();
      try (Capture capture = source(vm).capture(Optional.empty())) {
        Model.assertReads(capture, model.now());
      }
    }
  }

  @Test
  void holesAreSaidToBeHoles() {
    try (TestVm vm = TestVm.twoDisks(folder)) {
      vm.write("vda", 1, 1 << 20, 65536);
      try (Capture capture = source(vm).capture(Optional.empty())) {
        io.sendense.domain.BlockRange whole = new io.sendense.domain.BlockRange(0, 8 << 20);
        assertThat(capture.disks().getFirst().reader().allocated(whole))
            .containsExactly(new io.sendense.domain.BlockRange(1 << 20, 65536));
      }
    }
  }

  @Test
  void fullAndIncrementalsTogetherAreAlwaysTheWholeDisk() {
    try (TestVm vm = TestVm.twoDisks(folder)) {
      Model model = new Model(vm);
      QemuSource source = source(vm);
      Optional<Baseline> baseline = Optional.empty();
      for (int round = 0; round < 12; round++) {
        randomWrites(model);
        Map<String, byte[]> instant = model.now();
        try (Capture capture = source.capture(baseline)) {
          randomWrites(model);
          model.apply(capture);
          model.assertCopyIs(instant);
          if (round > 0) {
            assertThat(capture.disks())
                .extracting(CapturedDisk::changes)
                .allMatch(c -> c instanceof ChangeSet.Tracked);
          }
          // Every fourth job fails: the next one must still know all changes.
          if (round % 4 != 3) {
            baseline = Optional.of(capture.baseline());
            capture.commit();
          }
        }
        assertThat(ours(vm)).as("names of our bitmaps").hasSize(1);
      }
    }
  }

  private void randomWrites(Model model) {
    for (int i = 0; i < 6; i++) {
      String disk = random.nextBoolean() ? "vda" : "virtio0";
      int offset = random.nextInt(8 << 11) * 512;
      int length = Math.min(512 * (1 + random.nextInt(400)), (8 << 20) - offset);
      model.write(disk, 1 + random.nextInt(255), offset, length);
    }
  }

  private static List<String> ours(TestVm vm) {
    return vm.remains().stream().filter(r -> r.startsWith("bitmap sendense-test-")).toList();
  }

  @Test
  void anIncrementalNamesExactlyTheBlocksThatWereWritten() {
    try (TestVm vm = TestVm.twoDisks(folder)) {
      QemuSource source = source(vm);
      Baseline baseline = commitFull(source);
      vm.write("vda", 5, 128 << 10, 64 << 10);
      vm.write("vda", 5, (1 << 20) + 512, 512);
      try (Capture capture = source.capture(Optional.of(baseline))) {
        assertThat(Model.trackedBytes(capture.disks().get(0))).isEqualTo(2 * 65536);
        assertThat(Model.trackedBytes(capture.disks().get(1))).isZero();
      }
    }
  }

  @Test
  void aBitmapOfSomeoneElseIsLeftAlone() {
    try (TestVm vm = TestVm.twoDisks(folder)) {
      for (String name : List.of("foreign", "sendense-other-0123456789ab")) {
        vm.qmp()
            .execute(
                "block-dirty-bitmap-add",
                QmpClient.object().put("node", "a").put("name", name).put("persistent", true));
      }
      QemuSource source = source(vm);
      Baseline baseline = commitFull(source);
      source.capture(Optional.of(baseline)).close();
      source.capture(Optional.empty()).close();
      assertThat(vm.remains())
          .contains(
              "bitmap foreign recording true on qcow2",
              "bitmap sendense-other-0123456789ab recording true on qcow2")
          .noneMatch(r -> r.contains("sendense-test"));
    }
  }

  @Test
  void bitmapsOutliveACleanRestart() {
    try (TestVm vm = TestVm.twoDisks(folder)) {
      QemuSource source = source(vm);
      Baseline baseline = commitFull(source);
      vm.write("vda", 5, 0, 65536);
      vm.powerOff();
      vm.startAgain();
      try (Capture capture = source.capture(Optional.of(baseline))) {
        assertThat(Model.trackedBytes(capture.disks().getFirst())).isEqualTo(65536);
      }
    }
  }

  @Test
  void afterAPowerCutTheDisksAreUntrackedAndTheNextBaselineIsGood() {
    try (TestVm vm = TestVm.twoDisks(folder)) {
      QemuSource source = source(vm);
      Baseline lost = commitFull(source);
      vm.powerOff();
      vm.startAgain();
      vm.write("vda", 5, 0, 65536);
      vm.kill();
      vm.startAgain();
      Baseline next;
      try (Capture capture = source.capture(Optional.of(lost))) {
        assertThat(capture.disks())
            .extracting(d -> ((ChangeSet.Untracked) d.changes()).reason())
            .allMatch(reason -> reason.contains("inconsistent"));
        next = capture.baseline();
        capture.commit();
      }
      vm.write("vda", 6, 1 << 20, 65536);
      try (Capture capture = source.capture(Optional.of(next))) {
        assertThat(Model.trackedBytes(capture.disks().getFirst())).isEqualTo(65536);
      }
      assertThat(vm.remains()).noneMatch(r -> r.contains(bitmapOf(lost)));
    }
  }

  @Test
  void aMachinePoweredOffDuringACaptureSaysSoAndLosesNoWrite() {
    try (TestVm vm = TestVm.twoDisks(folder)) {
      QemuSource source = source(vm);
      Baseline baseline = commitFull(source);
      vm.write("vda", 5, 0, 65536);
      Capture capture = source.capture(Optional.of(baseline));
      vm.write("vda", 6, 1 << 20, 65536);
      vm.powerOff();
      assertThatThrownBy(
              () -> capture.disks().getFirst().reader().read(0, ByteBuffer.allocate(512)))
          .isInstanceOf(SendenseException.class);
      assertThatThrownBy(capture::commit)
          .isInstanceOf(SendenseException.class)
          .hasMessageContaining("shut down");
      capture.close();
      assertThat(TestVm.files(scratch)).isEmpty();
      vm.startAgain();
      try (Capture next = source.capture(Optional.of(baseline))) {
        assertThat(Model.trackedBytes(next.disks().getFirst())).isEqualTo(2 * 65536);
      }
    }
  }

  @Test
  void aRawDiskIsCapturedWithoutATrackerAndSaysWhy() throws Exception {
    TestVm.image(folder, "r.raw", "raw", 8);
    try (TestVm vm =
        TestVm.start(
            folder,
            "-blockdev",
            "driver=file,node-name=r-file,filename=r.raw",
            "-blockdev",
            "driver=raw,node-name=r,file=r-file",
            "-device",
            "virtio-blk-pci,id=vda,drive=r")) {
      vm.write("vda", 3, 0, 65536);
      QemuSource source = source(vm);
      Baseline baseline = commitFull(source);
      try (Capture capture = source.capture(Optional.of(baseline))) {
        vm.write("vda", 4, 0, 65536);
        assertThat(Model.readAll(capture.disks().getFirst())).startsWith(3, 3);
        assertThat(((ChangeSet.Untracked) capture.disks().getFirst().changes()).reason())
            .contains("raw keeps no dirty bitmap");
      }
    }
  }

  @Test
  void disksOfAnyControllerAndAnySizeAreCapturedButNotTheFirmware() throws Exception {
    TestVm.image(folder, "ide.qcow2", "qcow2", 8);
    ChildProcess.run(
            TestVm.DEADLINE,
            Peers.require("qemu-img").toString(),
            "create",
            "-q",
            "-f",
            "qcow2",
            folder.resolve("scsi.qcow2").toString(),
            "8389120")
        .orFail();
    Files.write(folder.resolve("flash.raw"), new byte[4 << 20]);
    try (TestVm vm =
        TestVm.start(
            folder,
            "-drive",
            "if=pflash,format=raw,file=flash.raw",
            "-hda",
            "ide.qcow2",
            "-device",
            "virtio-scsi-pci",
            "-drive",
            "if=none,id=d0,file=scsi.qcow2,format=qcow2",
            "-device",
            "scsi-hd,id=sda,drive=d0")) {
      QemuSource source = source(vm);
      List<String> before = vm.remains();
      vm.write("sda", 5, 8 << 20, 512);
      vm.write("ide0-hd0", 6, 0, 512);
      Baseline baseline = commitFull(source);
      vm.write("sda", 7, 8 << 20, 512);
      try (Capture capture = source.capture(Optional.of(baseline))) {
        vm.write("sda", 8, 8 << 20, 512);
        vm.write("ide0-hd0", 8, 0, 512);
        assertThat(capture.disks())
            .extracting(CapturedDisk::name)
            .containsExactly("ide0-hd0", "sda");
        assertThat(Model.readAll(capture.disks().get(0))).startsWith(6, 6).hasSize(8 << 20);
        assertThat(Model.readAll(capture.disks().get(1))).endsWith(7, 7).hasSize(8389120);
        assertThat(Model.trackedBytes(capture.disks().get(0))).isZero();
        assertThat(Model.trackedBytes(capture.disks().get(1))).isEqualTo(512);
      }
      assertThat(vm.remains().stream().filter(r -> !r.startsWith("bitmap")).toList())
          .isEqualTo(before);
    }
  }

  @Test
  void aStorageDaemonIsRefusedInWords() {
    Path socket = folder.resolve("qsd.sock");
    try (ChildProcess daemon =
        ChildProcess.start(
            Peers.require("qemu-storage-daemon").toString(),
            "--chardev",
            "socket,path=" + socket + ",server=on,wait=off,id=m",
            "--monitor",
            "chardev=m")) {
      daemon.awaitFile(socket, TestVm.DEADLINE);
      QemuSource source =
          new QemuSource(
              QemuSourceOptions.of(socket, scratch, "test"),
              new FileOwnerRecords(folder.resolve("records")),
              CLOCK,
              random);
      assertThatThrownBy(() -> source.capture(Optional.empty()))
          .isInstanceOf(SendenseException.class)
          .hasMessageContaining("storage daemon");
    }
  }

  @Test
  void aMachineThatDoesNotRunIsSaidToBeUnreachable() {
    QemuSource source =
        new QemuSource(
            QemuSourceOptions.of(folder.resolve("none.sock"), scratch, "test"),
            new FileOwnerRecords(folder.resolve("records")),
            CLOCK,
            random);
    assertThatThrownBy(() -> source.capture(Optional.empty()))
        .isInstanceOfSatisfying(
            SendenseException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE));
  }

  @Test
  void aDiskThatGrewIsUntracked() {
    try (TestVm vm = TestVm.twoDisks(folder)) {
      QemuSource source = source(vm);
      Baseline baseline = commitFull(source);
      vm.qmp()
          .execute("block_resize", QmpClient.object().put("node-name", "a").put("size", 16 << 20));
      try (Capture capture = source.capture(Optional.of(baseline))) {
        assertThat(((ChangeSet.Untracked) capture.disks().getFirst().changes()).reason())
            .contains("resized");
        assertThat(capture.disks().getFirst().reader().sizeBytes()).isEqualTo(16 << 20);
      }
    }
  }

  @Test
  void anNbdServerOfSomeoneElseIsNotTouched() {
    try (TestVm vm = TestVm.twoDisks(folder)) {
      Path socket = folder.resolve("other.nbd");
      new Hypervisor(vm.qmp(), vm.socket()).startNbdServer(socket, 4);
      List<String> before = vm.remains();
      assertThatThrownBy(() -> source(vm).capture(Optional.empty()))
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_SNAPSHOT_FAILED);
                assertThat(e.remedy()).contains("NBD server");
              });
      assertThat(vm.remains()).isEqualTo(before);
      assertThat(socket).exists();
    }
  }

  @Test
  void aDiskServedByAnIothreadIsRefusedWhereThatWouldKillTheGuest() {
    TestVm.image(folder, "a.qcow2", "qcow2", 8);
    try (TestVm vm =
        TestVm.start(
            folder,
            "-object",
            "iothread,id=io0",
            "-blockdev",
            "driver=file,node-name=a-file,filename=a.qcow2",
            "-blockdev",
            "driver=qcow2,node-name=a,file=a-file",
            "-device",
            "virtio-blk-pci,id=vda,drive=a,iothread=io0")) {
      int major = vm.qmp().execute("query-version").path("qemu").path("major").asInt(0);
      org.junit.jupiter.api.Assumptions.assumeTrue(major < 9);
      List<String> before = vm.remains();
      assertThatThrownBy(() -> source(vm).capture(Optional.empty()))
          .isInstanceOf(SendenseException.class)
          .hasMessageContaining("iothread");
      assertThat(vm.remains()).isEqualTo(before);
    }
  }

  @Test
  void anInterruptedJobStillLeavesNothingBehind() {
    try (TestVm vm = TestVm.twoDisks(folder)) {
      QemuSource source = source(vm);
      Baseline baseline = commitFull(source);
      List<String> before = vm.remains();
      Capture capture = source.capture(Optional.of(baseline));
      Thread.currentThread().interrupt();
      capture.close();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(vm.remains()).isEqualTo(before);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> source.capture(Optional.of(baseline)))
          .isInstanceOf(SendenseException.class);
      assertThat(Thread.interrupted()).isTrue();
      source.reap();
      assertThat(vm.remains()).isEqualTo(before);
      assertThat(TestVm.files(scratch)).isEmpty();
    }
  }

  @Test
  void aSecondCaptureWhileOneIsOpenIsRefused() {
    try (TestVm vm = TestVm.twoDisks(folder)) {
      QemuSource source = source(vm);
      try (Capture capture = source.capture(Optional.empty())) {
        assertThatThrownBy(() -> source.capture(Optional.empty()))
            .isInstanceOf(SendenseException.class)
            .hasMessageContaining("still open");
        Model.assertReads(capture, Map.of());
      }
    }
  }

  @Test
  void tooLittleScratchSpaceIsSaidBeforeAnythingIsTouched() {
    try (TestVm vm = TestVm.twoDisks(folder)) {
      QemuSourceOptions options =
          new QemuSourceOptions(
              vm.socket(), scratch, "test", Long.MAX_VALUE, TestVm.DEADLINE, TestVm.DEADLINE, 1);
      QemuSource source =
          new QemuSource(options, new FileOwnerRecords(folder.resolve("records")), CLOCK, random);
      assertThatThrownBy(() -> source.capture(Optional.empty()))
          .isInstanceOfSatisfying(
              SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE));
    }
  }

  static String bitmapOf(Baseline baseline) {
    return BaselineToken.parse(baseline).orElseThrow().bitmap();
  }

  static Baseline commitFull(QemuSource source) {
    try (Capture capture = source.capture(Optional.empty())) {
      capture.commit();
      return capture.baseline();
    }
  }
}
