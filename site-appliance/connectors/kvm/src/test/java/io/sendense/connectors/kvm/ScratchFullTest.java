package io.sendense.connectors.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.ShortTempDir;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scratch folder that fills up costs the capture, never the guest. */
@Tag("server")
class ScratchFullTest {
  @TempDir(factory = ShortTempDir.class)
  private Path folder;

  @Test
  void theCaptureFailsAndTheGuestWritesOn() throws Exception {
    Path scratch = Files.createDirectory(folder.resolve("scratch"));
    Path mount = Peers.require("mount");
    int mounted =
        ChildProcess.run(
                Duration.ofSeconds(10),
                mount.toString(),
                "-t",
                "tmpfs",
                "-o",
                "size=1m",
                "tmpfs",
                scratch.toString())
            .exitCode();
    Assumptions.assumeTrue(mounted == 0, "a small file system can be mounted only by root");
    try (TestVm vm = TestVm.twoDisks(folder)) {
      Model model = new Model(vm);
      model.write("vda", 1, 0, 8 << 20);
      model.write("virtio0", 1, 0, 1 << 20);
      QemuSourceOptions options =
          new QemuSourceOptions(
              vm.socket(), scratch, "test", 1, TestVm.DEADLINE, Duration.ofSeconds(5), 2);
      QemuSource source =
          new QemuSource(
              options,
              new FileOwnerRecords(folder.resolve("records")),
              InstantSource.system(),
              new Random(5));
      Baseline baseline;
      try (Capture full = source.capture(Optional.empty())) {
        model.apply(full);
        baseline = full.baseline();
        full.commit();
      }
      try (Capture capture = source.capture(Optional.of(baseline))) {
        model.write("vda", 2, 0, 8 << 20);
        assertThatThrownBy(() -> Model.readAll(capture.disks().getFirst()))
            .isInstanceOfSatisfying(
                SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE))
            .hasMessageContaining("scratch");
        assertThat(vm.qmp().execute("query-status").path("status").asString(""))
            .isEqualTo("prelaunch");
      }
      model.write("virtio0", 3, 2 << 20, 65536);
      assertThat(vm.process().stdout()).doesNotContain("failed").doesNotContain("No space");
      assertThat(TestVm.files(scratch)).isEmpty();
      try (Capture next = source.capture(Optional.of(baseline))) {
        assertThat(Model.trackedBytes(next.disks().getFirst())).isEqualTo(8 << 20);
        model.apply(next);
        model.assertCopyIs(model.now());
      }
    } finally {
      ChildProcess.run(
          Duration.ofSeconds(10), Peers.require("umount").toString(), scratch.toString());
    }
  }
}
