package io.sendense.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.state.JobRecord;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupJobTest {
  private static final int MIB = 1 << 20;
  private static final ChangeSet UNTRACKED = new ChangeSet.Untracked("no tracker here");

  @TempDir Path folder;
  private Fixture fixture;
  private final ScriptedSource source = new ScriptedSource();
  private MemoryDisk disk = new MemoryDisk(8 * MIB);

  @BeforeEach
  void open() {
    fixture = new Fixture(folder);
    disk.fill(MIB, MIB, 1).fill(5 * MIB, MIB / 2, 2);
    show(UNTRACKED);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aFirstBackupReadsTheDataAndNoHoles() {
    BackupReport report = fixture.backUp(source);
    assertThat(report.mode()).isEqualTo(BackupMode.FULL);
    assertThat(report.bytes().read()).isEqualTo(MIB + MIB / 2);
    assertThat(disk.bytesRead.get()).isEqualTo(MIB + MIB / 2);
    assertThat(fixture.content(report.point(), 0)).isEqualTo(disk.content);
    assertThat(source.events).containsExactly("reap", "capture", "commit", "close");
    assertThat(fixture.heard)
        .containsExactly("prepare", "capture", "read", "seal", "publish", "commit");
  }

  @Test
  void anIncrementalMovesOnlyWhatTheTrackerReportsAndSamplesTheRest() {
    fixture.backUp(source);
    disk.fill(5 * MIB, 100, 3);
    disk.bytesRead.set(0);
    show(tracked(new BlockRange(5L * MIB, 100)));
    BackupReport report = fixture.backUp(source);
    assertThat(source.asked.map(b -> b.token())).contains("g1");
    assertThat(report.mode()).isEqualTo(BackupMode.INCREMENTAL);
    assertThat(report.bytes().changed()).isEqualTo(Fixture.CHUNK);
    assertThat(disk.bytesRead.get()).isEqualTo(9L * Fixture.CHUNK);
    assertThat(report.disks().getFirst().chunksSampled()).isEqualTo(8);
    assertThat(fixture.content(report.point(), 0)).isEqualTo(disk.content);
    assertThat(fixture.heard).contains("sample");
  }

  @Test
  void aTrackerThatLiesIsFoundAndTheWholeDiskCompared() {
    fixture.backUp(source);
    disk.fill(0, 8 * MIB, 4);
    show(tracked(new BlockRange(0, 1)));
    BackupReport report = fixture.backUp(source);
    assertThat(report.mode()).isEqualTo(BackupMode.COMPARE);
    assertThat(report.reason()).contains("bitmap b0 says that disk vda is unchanged");
    assertThat(report.warnings()).hasSize(1);
    assertThat(report.point().annotations().get("warnings"))
        .contains("differs from what is stored");
    assertThat(fixture.content(report.point(), 0)).isEqualTo(disk.content);
  }

  @Test
  void withoutATrackerEverythingIsComparedAndTheReasonKept() {
    fixture.backUp(source);
    disk.fill(MIB, 10, 9);
    BackupReport report = fixture.backUp(source);
    assertThat(report.mode()).isEqualTo(BackupMode.COMPARE);
    assertThat(report.reason()).isEqualTo("no tracker here");
    assertThat(report.point().annotations()).containsEntry("reason", "no tracker here");
    assertThat(report.bytes().changed()).isEqualTo(Fixture.CHUNK);
    assertThat(fixture.state.jobs().newest(1).getFirst().mode()).contains("compare");
  }

  @Test
  void dataThatBecameAHoleReadsAsZeros() {
    fixture.backUp(source);
    java.util.Arrays.fill(disk.content, MIB, 2 * MIB, (byte) 0);
    BackupReport report = fixture.backUp(source);
    assertThat(fixture.content(report.point(), 0)).isEqualTo(disk.content);
    show(tracked(new BlockRange(5L * MIB, MIB / 2)));
    java.util.Arrays.fill(disk.content, 5 * MIB, 6 * MIB, (byte) 0);
    assertThat(fixture.content(fixture.backUp(source).point(), 0)).isEqualTo(disk.content);
  }

  @Test
  void aDiskThatGrewOrShrankIsComparedInFullAndSaidSo() {
    fixture.backUp(source);
    for (int size : new int[] {11 * MIB + 512, 6 * MIB - 1024, 8 * MIB}) {
      disk = disk.resized(size);
      disk.fill(size - 700, 700, size);
      show(tracked(new BlockRange(0, 1)));
      BackupReport report = fixture.backUp(source);
      assertThat(report.mode()).isEqualTo(BackupMode.COMPARE);
      assertThat(report.warnings().getFirst()).contains("to " + size + " bytes");
      assertThat(fixture.content(report.point(), 0)).isEqualTo(disk.content);
    }
  }

  @Test
  void disksMayComeAndGo() {
    fixture.backUp(source);
    MemoryDisk data = new MemoryDisk(2 * MIB).fill(0, MIB, 5);
    source.disks =
        List.of(
            new CapturedDisk("data", data, UNTRACKED), new CapturedDisk("vda", disk, UNTRACKED));
    BackupReport added = fixture.backUp(source);
    assertThat(added.warnings()).containsExactly("disk data is new in this machine");
    assertThat(fixture.content(added.point(), 0)).isEqualTo(data.content);
    assertThat(fixture.content(added.point(), 1)).isEqualTo(disk.content);
    source.disks = List.of(new CapturedDisk("data", data, tracked()));
    BackupReport removed = fixture.backUp(source);
    assertThat(removed.warnings().getFirst()).contains("disk vda was in the point before");
    assertThat(removed.mode()).isEqualTo(BackupMode.INCREMENTAL);
    assertThat(fixture.content(removed.point(), 0)).isEqualTo(data.content);
  }

  @Test
  void aSourceThatCannotBeReadFailsTheJobAndKeepsTheBaseline() {
    BackupReport first = fixture.backUp(source);
    disk.failAt = 5L * MIB;
    assertThatThrownBy(() -> fixture.backUp(source))
        .isInstanceOfSatisfying(
            SendenseException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE));
    assertThat(source.events).endsWith("reap", "capture", "close");
    assertThat(fixture.repository.points()).containsExactly(first.point());
    JobRecord job = fixture.state.jobs().newest(1).getFirst();
    assertThat(job.state()).isEqualTo(JobRecord.State.FAILED);
    assertThat(job.errorCode()).contains("SD-4000");
  }

  @Test
  void aDiskWrittenWhileItWasReadMakesNoPoint() {
    disk.writtenMeanwhile = true;
    assertThatThrownBy(() -> fixture.backUp(source)).hasMessageContaining("while it was read");
    assertThat(fixture.repository.points()).isEmpty();
    assertThat(source.events).doesNotContain("commit");
  }

  @Test
  void aBaselineThatTheSourceDoesNotTakeLeavesThePointStanding() {
    source.commitFails = true;
    BackupReport report = fixture.backUp(source);
    assertThat(report.warnings().getFirst()).contains("did not take it as its baseline");
    assertThat(fixture.repository.points()).hasSize(1);
    assertThat(fixture.state.jobs().newest(1).getFirst().state())
        .isEqualTo(JobRecord.State.SUCCEEDED);
  }

  @Test
  void aCancelledJobMakesNoPointAndCleansUp() {
    fixture.control.cancel();
    assertThatThrownBy(() -> fixture.backUp(source))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    assertThat(fixture.repository.points()).isEmpty();
    assertThat(fixture.state.jobs().newest(1).getFirst().state())
        .isEqualTo(JobRecord.State.CANCELLED);
  }

  @Test
  void theSixthMachineNeedsALicence() {
    BackupJob job = new BackupJob(fixture.context(), new CommunityLicence());
    for (int i = 1; i <= CommunityLicence.MAX_VMS; i++) {
      new BackupJob(fixture.context(), new CommunityLicence())
          .run("vm" + i, source, fixture.repository, fixture.location);
    }
    assertThatThrownBy(() -> job.run("vm6", source, fixture.repository, fixture.location))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LICENCE_LIMIT));
    assertThat(
            new BackupJob(fixture.context(), new CommunityLicence())
                .run("vm3", source, fixture.repository, fixture.location)
                .point()
                .vm())
        .isEqualTo("vm3");
  }

  @Test
  void twoBackupsOfOneMachineDoNotRunAtOnce() {
    try (var _ = fixture.state.locks().take("backup web", "busy")) {
      assertThatThrownBy(() -> fixture.backUp(source))
          .isInstanceOfSatisfying(
              SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
    }
    assertThat(source.events).isEmpty();
  }

  private void show(ChangeSet changes) {
    source.disks = List.of(new CapturedDisk("vda", disk, changes));
  }

  private static ChangeSet tracked(BlockRange... ranges) {
    return new ChangeSet.Tracked("bitmap b0", List.of(ranges));
  }
}
