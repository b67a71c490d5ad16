package io.sendense.connectors.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.ShortTempDir;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left after the appliance died, at any moment, while the guest went on. */
@Tag("server")
class ReapTest {
  private static final InstantSource CLOCK = () -> Instant.parse("2026-01-01T00:00:00Z");
  private static final int MORE_THAN_ALL_COMMANDS = 200;

  @TempDir(factory = ShortTempDir.class)
  private Path folder;

  private Path scratch = Path.of("/");
  private final Random random = new Random(11);

  @BeforeEach
  void makeScratch() throws Exception {
    scratch = Files.createDirectory(folder.resolve("scratch"));
  }

  private QemuSource source(Path socket) {
    return new QemuSource(
        QemuSourceOptions.of(socket, scratch, "test"),
        new FileOwnerRecords(folder.resolve("owner-records")),
        CLOCK,
        random);
  }

  @Test
  void killedAtAnyCommandOfAFailingJobNothingStaysAndNoWriteIsLost() throws Exception {
    assertThat(killedAtEveryCommand(false)).isGreaterThan(40);
  }

  @Test
  void killedAtAnyCommandOfACommittingJobNothingStaysAndNoWriteIsLost() throws Exception {
    assertThat(killedAtEveryCommand(true)).isGreaterThan(40);
  }

  /** How many moments there were. */
  private int killedAtEveryCommand(boolean commit) throws Exception {
    Path socket = folder.resolve("proxy.sock");
    try (TestVm vm = TestVm.twoDisks(folder);
        CuttingProxy proxy = new CuttingProxy(socket, vm.socket())) {
      Model model = new Model(vm);
      model.write("vda", 1, 0, 1 << 20);
      model.write("virtio0", 1, 0, 1 << 20);
      Baseline baseline;
      try (Capture capture = source(socket).capture(Optional.empty())) {
        model.apply(capture);
        baseline = capture.baseline();
        capture.commit();
      }
      for (int n = 1; n < MORE_THAN_ALL_COMMANDS; n++) {
        boolean delivered = (n % 2 == 0) != commit;
        writeSomewhere(model);
        List<String> before = withoutBitmaps(vm);
        proxy.cutAt(n, delivered);
        Optional<Baseline> moved = jobThatMayDie(socket, baseline, model, commit);
        boolean cut = proxy.wasCut();
        proxy.mend();
        writeSomewhere(model);

        source(socket).reap();
        String moment = "killed at command " + n + (delivered ? " after" : " before");
        assertThat(withoutBitmaps(vm)).as(moment).isEqualTo(before);
        assertThat(TestVm.files(scratch)).as(moment).isEmpty();
        assertThat(bitmaps(vm)).as(moment).hasSize(1);
        if (!cut) {
          return n;
        }
        baseline = nextJobSeesEverything(socket, moved.orElse(baseline), model, moment);
      }
      throw new AssertionError("the job never came to its end");
    }
  }

  /** The baseline it moved to, where it got as far as the point being stored. */
  private Optional<Baseline> jobThatMayDie(
      Path socket, Baseline baseline, Model model, boolean commit) {
    boolean committing = false;
    Optional<Baseline> stored = Optional.empty();
    try (Capture capture = source(socket).capture(Optional.of(baseline))) {
      writeSomewhere(model);
      if (commit) {
        model.apply(capture);
        stored = Optional.of(capture.baseline());
        committing = true;
        capture.commit();
      }
    } catch (SendenseException e) {
      assertThat(e.getMessage()).contains("QMP");
    }
    return committing ? stored : Optional.empty();
  }

  /** Tracked or, where the kill fell between storing and committing, compared in full. */
  private Baseline nextJobSeesEverything(
      Path socket, Baseline baseline, Model model, String moment) {
    try (Capture capture = source(socket).capture(Optional.of(baseline))) {
      model.apply(capture);
      model.assertCopyIs(model.now());
      assertThat(capture.disks())
          .as(moment)
          .extracting(CapturedDisk::changes)
          .allMatch(
              changes ->
                  changes instanceof ChangeSet.Tracked
                      || ((ChangeSet.Untracked) changes).reason().contains("no longer on disk"));
      capture.commit();
      return capture.baseline();
    }
  }

  private void writeSomewhere(Model model) {
    for (String disk : List.of("vda", "virtio0")) {
      model.write(disk, 1 + random.nextInt(255), random.nextInt(100) * 65536, 4096);
    }
  }

  private static List<String> withoutBitmaps(TestVm vm) {
    return vm.remains().stream().filter(r -> !r.startsWith("bitmap")).toList();
  }

  private static List<String> bitmaps(TestVm vm) {
    return vm.remains().stream().filter(r -> r.startsWith("bitmap")).toList();
  }

  @Test
  void aKilledProcessLeavesNothingAfterTheReapWhileTheGuestRuns() throws Exception {
    try (TestVm vm = TestVm.twoDisks(folder)) {
      Model model = new Model(vm);
      model.write("vda", 1, 0, 1 << 20);
      model.write("virtio0", 1, 0, 1 << 20);
      Baseline baseline;
      try (Capture capture = source(vm.socket()).capture(Optional.empty())) {
        model.apply(capture);
        baseline = capture.baseline();
        capture.commit();
      }
      List<String> before = vm.remains();
      model.write("vda", 2, 1 << 20, 65536);
      try (ChildProcess child =
          ChildProcess.start(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              HoldingProcess.class.getName(),
              vm.socket().toString(),
              scratch.toString(),
              folder.resolve("owner-records").toString(),
              baseline.token())) {
        child.awaitOutput("HOLDING", Duration.ofSeconds(60));
        model.write("vda", 3, 2 << 20, 65536);
        child.kill();
      }
      assertThat(TestVm.files(scratch)).isNotEmpty();
      model.write("virtio0", 4, 3 << 20, 65536);

      source(vm.socket()).reap();

      assertThat(vm.remains()).isEqualTo(before);
      assertThat(TestVm.files(scratch)).isEmpty();
      assertThat(new FileOwnerRecords(folder.resolve("owner-records")).list("qemu:" + vm.socket()))
          .isEmpty();
      try (Capture capture = source(vm.socket()).capture(Optional.of(baseline))) {
        assertThat(Model.trackedBytes(capture.disks().get(0))).isEqualTo(2 * 65536);
        assertThat(Model.trackedBytes(capture.disks().get(1))).isEqualTo(65536);
        model.apply(capture);
        model.assertCopyIs(model.now());
      }
    }
  }

  @Test
  void afterACrashOfBothTheScratchGoesAtOnceAndTheBitmapsWhenTheMachineIsBack() {
    try (TestVm vm = TestVm.twoDisks(folder)) {
      QemuSource source = source(vm.socket());
      Baseline baseline = QemuSourceTest.commitFull(source);
      Capture lost = source.capture(Optional.of(baseline));
      assertThat(lost.disks()).hasSize(2);
      vm.powerOff();
      source(vm.socket()).reap();
      assertThat(TestVm.files(scratch)).isEmpty();
      vm.startAgain();
      vm.write("vda", 4, 0, 65536);
      source(vm.socket()).reap();
      assertThat(bitmaps(vm)).hasSize(1);
      try (Capture capture = source(vm.socket()).capture(Optional.of(baseline))) {
        assertThat(Model.trackedBytes(capture.disks().get(0))).isEqualTo(65536);
      }
      lost.close();
    }
  }
}
