package io.sendense.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.domain.BlockRange;
import io.sendense.repository.format.Environment;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RepositorySecret;
import io.sendense.repository.format.VerifyOptions;
import io.sendense.repository.format.VerifyReport;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.StoredObject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedParentTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;
  private Fixture fixture;
  private Repository reopened;
  private final ScriptedSource source = new ScriptedSource();
  private final MemoryDisk disk = new MemoryDisk(8 * MIB);

  @BeforeEach
  void makeAPoint() {
    fixture = new Fixture(folder);
    disk.fill(MIB, MIB, 1).fill(5 * MIB, MIB / 2, 2);
    show(new ChangeSet.Untracked("no tracker here"));
    fixture.backUp(source);
    disk.fill(5 * MIB, 100, 3);
    // Opened afresh: what was read before is cached, and a cache hides damage.
    reopened =
        Repository.open(
            fixture.store,
            RepositorySecret.key(new byte[32]),
            Environment.of(fixture.clock, new SecureRandom()));
  }

  @AfterEach
  void close() {
    reopened.close();
    fixture.close();
  }

  @Test
  void aParentWhosePacksAreGoneIsFollowedByANewFullThatSaysWhy() {
    packs().forEach(fixture.store::delete);
    show(tracked(new BlockRange(5L * MIB, 100)));
    BackupReport report = backUp();
    assertThat(report.mode()).isEqualTo(BackupMode.FULL);
    assertThat(report.reason()).contains("cannot be built upon, so a new full one was made");
    assertThat(report.disks().getFirst().reason()).isEqualTo(report.reason());
    assertThat(report.warnings()).containsExactly(report.reason());
    assertThat(report.point().annotations()).containsEntry("reason", report.reason());
    assertThat(fixture.state.jobs().newest(1).getFirst().reason()).contains(report.reason());
    assertThat(source.events).endsWith("reap", "capture", "commit", "close");
    assertThat(content(report.point().id())).isEqualTo(disk.content);
  }

  @Test
  void aParentWhoseTreeIsFlippedIsFollowedByANewFullToo() {
    for (ObjectName pack : packs()) {
      byte[] content = fixture.store.get(pack, 64 * MIB);
      for (int i = content.length / 8; i < content.length; i++) {
        content[i] ^= 1;
      }
      fixture.store.delete(pack);
      fixture.store.put(pack, content);
    }
    BackupReport report = backUp();
    assertThat(report.mode()).isEqualTo(BackupMode.FULL);
    assertThat(report.reason()).contains("is damaged");
    assertThat(content(report.point().id())).isEqualTo(disk.content);
  }

  @Test
  void theNewFullReliesOnNothingThatWasStoredBefore() {
    List<ObjectName> old = packs();
    old.forEach(fixture.store::delete); // the indexes go on promising what was in them
    BackupReport report = backUp();
    assertThat(report.bytes().stored()).isPositive();
    assertThat(packs()).doesNotContainAnyElementsOf(old);
    VerifyReport verified = reopened.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE);
    assertThat(verified.findings())
        .noneSatisfy(
            finding -> assertThat(finding.toString()).contains(report.point().id().toString()));
    assertThat(content(report.point().id())).isEqualTo(disk.content);
  }

  @Test
  void theNextBackupBuildsUponTheNewFullAndMovesOnlyWhatChanged() {
    packs().forEach(fixture.store::delete);
    BackupReport full = backUp();
    assertThat(full.point().sequence()).isEqualTo(2);
    disk.fill(5 * MIB, 100, 4);
    show(tracked(new BlockRange(5L * MIB, 100)));
    BackupReport next = backUp();
    assertThat(next.mode()).isEqualTo(BackupMode.INCREMENTAL);
    assertThat(next.point().parent()).contains(full.point().id());
    assertThat(next.bytes().changed()).isEqualTo(Fixture.CHUNK);
    assertThat(content(next.point().id())).isEqualTo(disk.content);
  }

  private BackupReport backUp() {
    return new BackupJob(fixture.context(), new CommunityLicence())
        .run("web", source, reopened, fixture.location);
  }

  private byte[] content(PointId point) {
    try (var reader = reopened.read(point)) {
      ByteBuffer buffer = ByteBuffer.allocate(8 * MIB);
      reader.disk(0).read(0, buffer);
      return buffer.array();
    }
  }

  private List<ObjectName> packs() {
    List<ObjectName> names = new ArrayList<>();
    for (StoredObject object : fixture.store.list("packs")) {
      names.add(object.name());
    }
    assertThat(names).isNotEmpty();
    return names;
  }

  private void show(ChangeSet changes) {
    source.disks = List.of(new CapturedDisk("vda", disk, changes));
  }

  private static ChangeSet tracked(BlockRange... ranges) {
    return new ChangeSet.Tracked("bitmap b0", List.of(ranges));
  }
}
