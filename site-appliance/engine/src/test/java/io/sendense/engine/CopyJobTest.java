package io.sendense.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.state.JobRecord;
import io.sendense.repository.format.Environment;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RepositorySecret;
import io.sendense.repository.format.RepositorySettings;
import io.sendense.repository.format.RestorePoint;
import io.sendense.repository.memory.MemoryObjectStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyJobTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;
  private Fixture fixture;
  private Repository second;
  private RestorePoint older;
  private RestorePoint newer;

  @BeforeEach
  void twoPoints() {
    fixture = new Fixture(folder);
    ScriptedSource source = new ScriptedSource();
    MemoryDisk disk = new MemoryDisk(8 * MIB).fill(MIB, 2 * MIB, 1);
    source.disks =
        List.of(new CapturedDisk("vda", disk, new ChangeSet.Untracked("no tracker here")));
    older = fixture.backUp(source).point();
    disk.fill(MIB, 5, 2);
    newer = fixture.backUp(source).point();
    second =
        Repository.init(
            new MemoryObjectStore(fixture.clock),
            RepositorySecret.key(new byte[32]),
            RepositorySettings.defaults().withIdentity(fixture.repository.identity()),
            Environment.of(fixture.clock, new SecureRandom()));
    fixture.heard.clear();
  }

  @AfterEach
  void close() {
    second.close();
    fixture.close();
  }

  @Test
  void pointsAreCopiedOldestFirstAndTheJobIsKept() {
    CopyJob.Report report = copy(List.of(newer.id(), older.id()), Bandwidth.UNLIMITED);

    assertThat(report.points())
        .extracting(r -> r.point().id())
        .containsExactly(older.id(), newer.id());
    assertThat(report.points().get(1).chunksMissing()).isEqualTo(1);
    assertThat(report.bytesMissing()).isLessThanOrEqualTo(report.bytesStored());
    assertThat(fixture.heard).containsExactly("prepare", "copy", "copy");
    JobRecord job = fixture.state.jobs().newest(1).getFirst();
    assertThat(job.kind()).isEqualTo(JobRecord.Kind.COPY);
    assertThat(job.state()).isEqualTo(JobRecord.State.SUCCEEDED);
    assertThat(job.bytes().stored()).isEqualTo(report.bytesStored());
  }

  @Test
  void aCopiedBaselineIsNotTakenForTheTargetsOwn() {
    copy(List.of(newer.id()), Bandwidth.UNLIMITED);
    assertThat(second.point(newer.id()).annotations())
        .doesNotContainKey(BackupJob.BASELINE)
        .containsEntry(
            CopyJob.ORIGINAL_BASELINE, newer.annotations().getOrDefault(BackupJob.BASELINE, "?"));
    ScriptedSource source = new ScriptedSource();
    source.disks =
        List.of(
            new CapturedDisk(
                "vda", new MemoryDisk(8 * MIB), new ChangeSet.Untracked("no tracker here")));
    new BackupJob(fixture.context(), new CommunityLicence()).run("web", source, second, "/second");
    assertThat(source.asked).isEmpty();
  }

  @Test
  void aCancelledCopyMakesNoPointAndSaysSo() {
    Bandwidth cancelling =
        (bytes, control) -> {
          fixture.control.cancel();
          control.check();
        };
    assertThatThrownBy(() -> copy(List.of(older.id()), cancelling))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    assertThat(second.points()).isEmpty();
    assertThat(fixture.state.jobs().newest(1).getFirst().state())
        .isEqualTo(JobRecord.State.CANCELLED);
  }

  private CopyJob.Report copy(List<PointId> points, Bandwidth bandwidth) {
    return new CopyJob(fixture.context(), bandwidth)
        .run(fixture.repository, second, points, fixture.location, "/second");
  }
}
