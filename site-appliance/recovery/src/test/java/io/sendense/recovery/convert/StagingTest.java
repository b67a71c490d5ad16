package io.sendense.recovery.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.SendenseException;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A conversion that is ended at any step leaves both disks as they were, or is completed. */
@Tag("server")
class StagingTest {
  private static final Duration DEADLINE = Duration.ofMinutes(1);
  private static final int MEBIBYTE = 1 << 20;
  private static final byte BEFORE = 0x11;
  private static final byte AFTER = 0x5a;

  @TempDir Path folder;

  @BeforeEach
  void disks() throws IOException {
    Peers.require("qemu-img");
    Peers.require("qemu-io");
    for (DiskFile disk : StagingRun.disks(folder)) {
      byte[] content = new byte[8 * MEBIBYTE];
      Arrays.fill(content, BEFORE);
      Files.write(disk.path(), content);
    }
  }

  @Test
  void whatIsProvedIsBroughtDownAndNothingIsLeft() throws IOException {
    assertThat(run(0)).contains("proved").contains("steps 6");

    assertThat(isChanged("a.raw")).isTrue();
    assertThat(isChanged("b.raw")).isTrue();
    assertLeft();
  }

  @Test
  void whereverItEndsBothDisksAreAsBeforeOrTheNextOneCompletesIt() throws IOException {
    // Steps 1 and 2 make the images, 3 decides, 4 and 5 bring down, 6 forgets.
    for (int last = 1; last <= 6; last++) {
      disks();
      assertThat(run(last)).doesNotContain("steps");
      boolean decided = Files.exists(folder.resolve("a.raw.converted"));
      assertThat(decided).isEqualTo(last > 3);
      if (!decided) {
        assertThat(isChanged("a.raw")).isFalse();
        assertThat(isChanged("b.raw")).isFalse();
      }

      Staging.begin(StagingRun.disks(folder), tool(), step -> {}).close();

      assertThat(isChanged("a.raw")).as("ended at step " + last).isEqualTo(decided);
      assertThat(isChanged("b.raw")).as("ended at step " + last).isEqualTo(decided);
      assertLeft();
    }
  }

  @Test
  void whatWasCutOffWhileItWasBroughtDownIsBroughtDownAgain() throws IOException {
    run(5);
    byte[] torn = Files.readAllBytes(folder.resolve("a.raw"));
    Arrays.fill(torn, 3 * MEBIBYTE, 5 * MEBIBYTE, BEFORE);
    Files.write(folder.resolve("a.raw"), torn);

    Staging.begin(StagingRun.disks(folder), tool(), step -> {}).close();

    assertThat(isChanged("a.raw")).isTrue();
    assertThat(isChanged("b.raw")).isTrue();
    assertLeft();
  }

  @Test
  void whatWasDecidedForADiskIsNotBroughtDownIntoAnotherOfItsName() throws IOException {
    run(4);
    Path restored = folder.resolve("restored.raw");
    Files.copy(folder.resolve("b.raw"), restored);
    Files.move(restored, folder.resolve("b.raw"), StandardCopyOption.REPLACE_EXISTING);
    byte[] before = Files.readAllBytes(folder.resolve("b.raw"));

    assertThatThrownBy(() -> Staging.begin(StagingRun.disks(folder), tool(), step -> {}))
        .isInstanceOf(SendenseException.class)
        .hasMessageContaining("other disks");
    assertThat(Files.readAllBytes(folder.resolve("b.raw"))).isEqualTo(before);
  }

  @Test
  void oneAtATime() {
    List<DiskFile> disks = StagingRun.disks(folder);
    try (Staging _ = Staging.begin(disks, tool(), step -> {})) {
      assertThatThrownBy(() -> Staging.begin(disks, tool(), step -> {}))
          .isInstanceOf(SendenseException.class)
          .hasMessageContaining("at work");
    }
  }

  private String run(int last) {
    return ChildProcess.run(
            DEADLINE,
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            StagingRun.class.getName(),
            folder.toString(),
            Integer.toString(last))
        .stdout();
  }

  private static ImageTool tool() {
    return new ImageTool(Peers.require("qemu-img"), DEADLINE);
  }

  /** Fails where it is neither as before nor wholly changed. */
  private boolean isChanged(String disk) throws IOException {
    byte[] there = Files.readAllBytes(folder.resolve(disk));
    byte[] changed = new byte[there.length];
    Arrays.fill(changed, BEFORE);
    int from = StagingRun.CHANGED_AT_MIB * MEBIBYTE;
    Arrays.fill(changed, from, from + StagingRun.CHANGED_MIB * MEBIBYTE, AFTER);
    if (Arrays.equals(there, changed)) {
      return true;
    }
    Arrays.fill(changed, BEFORE);
    assertThat(Arrays.equals(there, changed)).as(disk + " is changed in part").isTrue();
    return false;
  }

  private void assertLeft() throws IOException {
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(one -> one.getFileName().toString()))
          .containsExactlyInAnyOrder("a.raw", "b.raw");
    }
  }
}
