package io.sendense.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.state.JobRecord;
import io.sendense.repository.format.RestorePoint;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreJobTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;
  private Fixture fixture;
  private RestorePoint point;
  private final MemoryTarget target = new MemoryTarget();
  private final MemoryDisk disk = new MemoryDisk(5 * MIB + 300).fill(MIB, 2 * MIB, 1);

  @BeforeEach
  void backUp() {
    fixture = new Fixture(folder);
    ScriptedSource source = new ScriptedSource();
    source.disks =
        List.of(new CapturedDisk("vda", disk, new ChangeSet.Untracked("no tracker here")));
    point = fixture.backUp(source).point();
    fixture.heard.clear();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aDiskIsFinishedOnlyAfterItWasReadBack() {
    RestoreReport report = restore();
    assertThat(target.content).isEqualTo(disk.content);
    assertThat(target.events).containsExactly("reap vda", "create vda", "flush", "finish", "close");
    assertThat(fixture.heard).containsExactly("prepare", "write", "read-back", "finish");
    assertThat(report.bytesWritten()).isEqualTo(2L * MIB);
    assertThat(report.bytesProved()).isEqualTo(disk.content.length);
  }

  @Test
  void aDiskThatWasProvedBeforeTheProcessDiedIsNotWrittenAgain() {
    fixture.state.restores().begin("/there", point.id().toString());
    fixture.state.restores().proved("/there", "vda");
    target.adoptable = true;
    RestoreReport report = restore();
    assertThat(report.disksKept()).isEqualTo(1);
    assertThat(target.events).containsExactly("adopt vda");
    assertThat(fixture.state.restores().isOpen("/there", point.id().toString())).isFalse();
  }

  @Test
  void aProvedDiskThatIsNotThereAnyMoreIsWrittenAgain() {
    fixture.state.restores().begin("/there", point.id().toString());
    fixture.state.restores().proved("/there", "vda");
    RestoreReport report = restore();
    assertThat(report.disksKept()).isZero();
    assertThat(target.events).startsWith("adopt vda", "reap vda", "create vda");
    assertThat(target.content).isEqualTo(disk.content);
  }

  @Test
  void aRestoreThatFailsAfterItsDisksWereFinishedRemovesThem() {
    assertThatThrownBy(
            () ->
                new RestoreJob(fixture.context())
                    .run(
                        fixture.repository,
                        point.id(),
                        List.of(0),
                        target,
                        "/there",
                        fixture.location,
                        () -> {
                          throw new SendenseException(ErrorCode.CONFLICT, "no machine", "");
                        }))
        .hasMessageContaining("no machine");
    assertThat(target.events).endsWith("finish", "close", "undo vda");
    assertThat(fixture.state.restores().isOpen("/there", point.id().toString())).isFalse();
  }

  @Test
  void aTargetThatKeepsOtherBytesFailsTheRestore() {
    for (int at : new int[] {MIB + 5, 4 * MIB, 5 * MIB + 299}) {
      target.corruptAt = at;
      target.events.clear();
      assertThatThrownBy(this::restore)
          .hasMessageContaining("reads back differently at byte " + at);
      assertThat(target.events).doesNotContain("finish").endsWith("close");
    }
    assertThat(fixture.state.jobs().newest(1).getFirst().state()).isEqualTo(JobRecord.State.FAILED);
  }

  @Test
  void whatIsWrittenThroughIsProvedBeforeTheRestIsWrittenOut() {
    target.writesThrough = true;
    target.corruptWriteAt = MIB + 5;
    assertThatThrownBy(this::restore)
        .hasMessageContaining("reads back differently at byte " + (MIB + 5));
    assertThat(target.events).doesNotContain("flush").endsWith("close");
  }

  @Test
  void holesOfATargetThatWritesThroughAreStillReadBack() {
    target.writesThrough = true;
    target.corruptAt = 4 * MIB;
    assertThatThrownBy(this::restore)
        .hasMessageContaining("reads back differently at byte " + 4 * MIB);
    assertThat(target.events).doesNotContain("finish").endsWith("close");
  }

  @Test
  void aTargetThatRunsFullFailsTheRestore() {
    target.fullAt = 2L * MIB;
    assertThatThrownBy(this::restore)
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE));
    assertThat(target.events).doesNotContain("finish").endsWith("close");
  }

  @Test
  void aDamagedStoreFailsTheRestoreBeforeAnythingIsFinished() {
    fixture.store.list("packs").forEach(pack -> fixture.store.delete(pack.name()));
    assertThatThrownBy(this::restore)
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code().number()).isBetween(5000, 5999));
    assertThat(target.events).doesNotContain("finish");
  }

  private RestoreReport restore() {
    return new RestoreJob(fixture.context())
        .run(fixture.repository, point.id(), List.of(0), target, "/there", fixture.location);
  }
}
