package io.sendense.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.engine.state.JobRecord;
import io.sendense.repository.format.RestorePoint;
import io.sendense.repository.format.VerifyOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the repository lost is found, recorded, and read from the source again. */
class LostDataTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;
  private Fixture fixture;
  private final ScriptedSource source = new ScriptedSource();
  private final MemoryDisk disk = new MemoryDisk(8 * MIB).fill(MIB, 3 * MIB, 1);
  private RestorePoint first;

  @BeforeEach
  void aPointWhosePacksAreGone() {
    fixture = new Fixture(folder);
    show(new ChangeSet.Untracked("no tracker here"));
    first = fixture.backUp(source).point();
    fixture.store.list("packs").forEach(pack -> fixture.store.delete(pack.name()));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void anIncrementalReadsWhatWasLostAlthoughTheTrackerSaysItIsUnchanged() {
    VerifyJob.Result found = verify();
    assertThat(found.report().findings())
        .anySatisfy(
            finding -> {
              assertThat(finding.point()).contains(first.id());
              assertThat(finding.range()).isPresent();
            });
    disk.bytesRead.set(0);
    show(new ChangeSet.Tracked("bitmap b0", List.of()));

    BackupReport report = fixture.backUp(source);

    assertThat(report.mode()).isEqualTo(BackupMode.INCREMENTAL);
    assertThat(report.warnings()).singleElement().asString().contains("recorded as damaged");
    assertThat(disk.bytesRead.get()).isGreaterThanOrEqualTo(3L * MIB);
    assertThat(fixture.content(report.point(), 0)).isEqualTo(disk.content);
    assertThat(fixture.content(first, 0))
        .as("the old point is whole again")
        .isEqualTo(disk.content);
  }

  @Test
  void healingWithoutACopySaysWhatStaysLost() {
    HealJob.Result healed =
        new HealJob(fixture.context()).run(fixture.repository, Optional.empty(), fixture.location);
    assertThat(healed.report().lost()).isNotEmpty();
    assertThat(fixture.state.jobs().newest(1).getFirst().state()).isEqualTo(JobRecord.State.FAILED);
    show(new ChangeSet.Untracked("no tracker here"));
    RestorePoint next = fixture.backUp(source).point();
    assertThat(fixture.content(next, 0)).isEqualTo(disk.content);
    assertThat(
            new HealJob(fixture.context())
                .run(fixture.repository, Optional.empty(), fixture.location)
                .report()
                .lost())
        .as("what is at the source mends the old point too")
        .isEmpty();
  }

  @Test
  void theNextPartIsTheOneAfterTheLastThatWasFinished() {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      parts.add(part(0, 3).part());
    }
    part(2, 3);
    verify();
    part(7, 9);
    parts.add(part(0, 3).part());
    parts.add(part(0, 9).part());
    assertThat(parts)
        .containsExactly("part 1/3", "part 2/3", "part 3/3", "part 1/3", "part 3/3", "part 8/9");
  }

  private VerifyJob.Result verify() {
    return new VerifyJob(fixture.context())
        .run(fixture.repository, VerifyOptions.everything(), fixture.location);
  }

  private VerifyJob.Result part(int number, int of) {
    return new VerifyJob(fixture.context())
        .runPart(fixture.repository, number, of, fixture.location);
  }

  private void show(ChangeSet changes) {
    source.disks = List.of(new CapturedDisk("vda", disk, changes));
  }
}
