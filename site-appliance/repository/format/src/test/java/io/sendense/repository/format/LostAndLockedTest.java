package io.sendense.repository.format;

import static io.sendense.repository.format.Fixture.CHUNK;
import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.domain.BlockRange;
import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.ObjectName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two copies of the same in two generations, of which the later one's pack goes its ways. */
class LostAndLockedTest {
  private static final int CHUNKS = 12;

  @TempDir Path scratch;

  private final Fixture fixture = new Fixture();
  private final byte[] disk = Fixture.random(new SplittableRandom(41), CHUNKS * CHUNK);
  private final HidingStore store = new HidingStore(fixture.memory);
  private RestorePoint later;
  private Set<ObjectName> laterPacks = Set.of();

  @BeforeEach
  void theSameStoredTwiceInTwoGenerations() {
    Repository.init(
            store,
            Fixture.SECRET,
            Fixture.settings().withLock(new RepositoryLock(LockMode.COMPLIANCE, 30)),
            fixture.environment)
        .close();
    FormatObject format = ((SealedRepository) open()).format();
    int generation = format.generationOf(fixture.clock.instant());
    while (format.generationOf(fixture.clock.instant().plus(Duration.ofHours(1))) == generation) {
      fixture.clock.advance(Duration.ofHours(1));
    }
    try (PointWriter one = open().beginPoint(fixture.draft("a", Optional.empty(), disk.length))) {
      fixture.clock.advance(Duration.ofHours(2));
      try (PointWriter two = open().beginPoint(fixture.draft("b", Optional.empty(), disk.length))) {
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
          Fixture.writeChunk(one, 0, disk, chunk);
          Fixture.writeChunk(two, 0, disk, chunk);
        }
        one.seal(Map.of());
        Set<ObjectName> before = packs();
        before.removeIf(name -> PackId.of(name).orElseThrow().generation() != generation);
        later = two.seal(Map.of());
        laterPacks = packs();
        laterPacks.removeAll(before);
      }
    }
    assertThat(laterPacks).isNotEmpty();
    assertThat(verify().findings()).isEmpty();
  }

  @Test
  void aCollectorThatLeavesTheLaterCopyOutOfTheIndexesRaisesNoFalseAlarm() {
    fixture.clock.advance(Duration.ofDays(5));
    CollectReport report = open().collect(CollectOptions.defaults().withScratch(scratch));
    assertThat(report.packsCondemned().count()).isPositive();

    assertThat(verify().findings()).isEmpty();
    assertThat(Fixture.readDisk(open(), later.id(), 0)).isEqualTo(disk);
  }

  @Test
  void whatTakesALostPacksPlaceIsLockedAsLongByTheHealer() {
    loseAndRecord();
    assertThat(verify().findings())
        .isNotEmpty()
        .allMatch(finding -> finding.kind() == VerifyReport.Kind.UNLOCKED);
    assertThat(open().recordDamage(verify())).as("locked too short is not damaged").isZero();

    HealReport healed = open().heal(Optional.empty(), VerifyReport.Progress.NONE);

    assertThat(healed.lost()).isEmpty();
    assertThat(healed.chunks()).as("the other copy serves").isZero();
    assertThat(verify().findings()).isEmpty();
  }

  @Test
  void healingEndsThoughWhatServesInALostPacksPlaceIsGoneToo() {
    loseAndRecord();
    Set<ObjectName> standIns = packs();
    standIns.removeAll(laterPacks);
    for (ObjectName gone : standIns) {
      store.hidden.add(gone);

      open().heal(Optional.empty(), VerifyReport.Progress.NONE);

      assertThat(verify().findings())
          .anyMatch(
              finding ->
                  finding.kind() == VerifyReport.Kind.MISSING
                      && finding.object().equals(gone.value()));
      store.hidden.remove(gone);
    }
  }

  @Test
  void whatTakesALostPacksPlaceIsLockedAsLongByTheNextBackup() {
    loseAndRecord();

    backUpOn(later.id());

    assertThat(verify().findings()).isEmpty();
  }

  @Test
  void aLostPackThatIsRecordedStopsNoBackupOfALaterGeneration() {
    Set<ObjectName> all = packs();
    store.hidden.addAll(all);
    Repository repository = open();
    repository.recordDamage(
        repository.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE));
    fixture.clock.advance(Duration.ofDays(11));

    RestorePoint next = backUpOn(later.id());

    assertThat(Fixture.readDisk(open(), next.id(), 0)).isEqualTo(disk);
    assertThat(verify().findings())
        .noneMatch(finding -> finding.point().equals(Optional.of(next.id())));
  }

  private void loseAndRecord() {
    store.hidden.addAll(laterPacks);
    Repository repository = open();
    assertThat(
            repository.recordDamage(
                repository.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE)))
        .isPositive();
  }

  private RestorePoint backUpOn(PointId parent) {
    try (PointWriter writer =
        open().beginPoint(fixture.draft("b", Optional.of(parent), disk.length))) {
      for (BlockRange range : writer.lost(0)) {
        for (long at = range.offset(); at < range.end(); at += CHUNK) {
          Fixture.writeChunk(writer, 0, disk, at / CHUNK);
        }
      }
      return writer.seal(Map.of());
    }
  }

  private Repository open() {
    return Repository.open(store, Fixture.SECRET, fixture.environment);
  }

  private VerifyReport verify() {
    return open().verify(VerifyOptions.everything(), VerifyReport.Progress.NONE);
  }

  private Set<ObjectName> packs() {
    Set<ObjectName> names = new HashSet<>();
    fixture.memory.list("packs").forEach(object -> names.add(object.name()));
    return names;
  }
}
