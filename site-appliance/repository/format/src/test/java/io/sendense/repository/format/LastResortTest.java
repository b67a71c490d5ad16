package io.sendense.repository.format;

import static io.sendense.repository.format.Fixture.CHUNK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in the store is read, also where nobody relies on it any more. */
class LastResortTest {
  private static final Duration AGE = Duration.ofDays(4).plusMinutes(2);
  private static final int CHUNKS = 24;

  @TempDir Path scratch;

  private final Fixture fixture = new Fixture();
  private final HidingStore store = new HidingStore(fixture.store);
  private final SplittableRandom random = new SplittableRandom(31);
  private final byte[] disk = Fixture.random(random, CHUNKS * CHUNK);

  @Test
  void whatWasMovedToAPackRecordedAsDamagedIsReadOnceThatCanBeReadAgain() {
    RestorePoint point = movedByACollector();
    store.hidden.add(movedTo());
    record(VerifyOptions.everything());
    assertThatThrownBy(() -> read(point)).isInstanceOf(SendenseException.class);

    store.hidden.clear();

    assertThat(read(point)).isEqualTo(disk);
    for (VerifyOptions options : List.of(VerifyOptions.everything(), VerifyOptions.structure())) {
      assertThat(open().verify(options, VerifyReport.Progress.NONE).findings()).isEmpty();
    }
  }

  @Test
  void aFlippedBitInItsListLeavesItsBlobsReadableByTheIndex() {
    RestorePoint point = movedByACollector();
    // Before the checksum of 32 bytes comes the list of blobs.
    store.flip(movedTo(), -60);
    record(VerifyOptions.everything());

    assertThat(read(point)).isEqualTo(disk);
    HealReport healed = open().heal(Optional.empty(), VerifyReport.Progress.NONE);
    assertThat(healed.lost()).isEmpty();
    assertThat(healed.chunks()).isPositive();
  }

  @Test
  void aVerificationOfOnePointRecordsWhatItsBlobsWereMovedToAndNoWriterReliesOnIt() {
    RestorePoint point = movedByACollector();
    store.flip(movedTo(), 200);
    record(new VerifyOptions(true, Set.of(point.id())));

    try (PointWriter writer =
        open().beginPoint(fixture.draft(Optional.of(point.id()), disk.length))) {
      assertThat(writer.lost(0)).isNotEmpty();
      assertThatThrownBy(() -> writer.seal(Map.of()))
          .hasMessageContaining("are lost in the point before");
    }
    RestorePoint again = fixture.backUp(open(), Optional.empty(), disk);
    assertThat(again.statistics().chunksStored()).isPositive();
    assertThat(read(point)).isEqualTo(disk);
  }

  @Test
  void whereAnIndexIsDamagedWhatItsPacksHoldIsFoundByTheirOwnLists() {
    RestorePoint point = movedByACollector();
    for (var index : fixture.memory.list("indexes")) {
      store.flip(index.name(), 100);

      assertThat(read(point)).isEqualTo(disk);
      assertThat(open().verify(VerifyOptions.everything(), VerifyReport.Progress.NONE).findings())
          .anyMatch(finding -> finding.object().equals(index.name().value()))
          .allMatch(finding -> finding.point().isEmpty());
      store.instead.clear();
    }
  }

  @Test
  void aDeletedPointIsReadUntilItsAgeThoughTheLastCopyOfItsBlobsWasCondemned() {
    Repository repository = fixture.init();
    RestorePoint one;
    RestorePoint two;
    Repository other = fixture.open();
    // Two at once store the same twice.
    try (PointWriter first =
            repository.beginPoint(fixture.draft("a", Optional.empty(), disk.length));
        PointWriter second = other.beginPoint(fixture.draft("b", Optional.empty(), disk.length))) {
      for (int chunk = 0; chunk < CHUNKS; chunk++) {
        Fixture.writeChunk(first, 0, disk, chunk);
        Fixture.writeChunk(second, 0, disk, chunk);
      }
      one = first.seal(Map.of());
      two = second.seal(Map.of());
    }
    fixture.clock.advance(AGE);
    assertThat(collect().packsCondemned().count()).isPositive();
    fixture.clock.advance(AGE);
    fixture.open().deletePoint(one.id(), "a test");
    fixture.open().deletePoint(two.id(), "a test");
    CollectReport both = collect();
    assertThat(both.packsDeleted().count()).isPositive();
    assertThat(both.packsCondemned().count()).isPositive();

    for (int i = 0; i < 3; i++) {
      assertThat(Fixture.readDisk(fixture.open(), one.id(), 0)).isEqualTo(disk);
      assertThat(Fixture.readDisk(fixture.open(), two.id(), 0)).isEqualTo(disk);
      fixture.clock.advance(Duration.ofDays(1));
      collect();
    }
    fixture.clock.advance(AGE);
    collect();
    fixture.clock.advance(AGE);
    collect();
    assertThat(fixture.memory.list("packs")).isEmpty();
    assertThatThrownBy(() -> fixture.open().read(one.id()))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  @Test
  void anIndexWhoseReplacementIsDamagedLeadsNoWriterToPacksThatAreGone() {
    Repository repository = fixture.init();
    RestorePoint gone = fixture.backUp(repository, Optional.empty(), disk);
    repository.deletePoint(gone.id(), "a test");
    ObjectName old = fixture.memory.list("indexes").getFirst().name();
    // As a lock keeps it, or a collector that died before it came to it.
    fixture.memory.setLegalHold(old, true);
    byte[] other = Fixture.random(random, CHUNKS * CHUNK);
    fixture.clock.advance(AGE);
    RestorePoint stays = fixture.backUp(fixture.open(), Optional.empty(), other);
    for (int i = 0; i < 2; i++) {
      collect();
      fixture.clock.advance(AGE);
    }
    collect();
    for (var index : fixture.memory.list("indexes")) {
      if (!index.name().equals(old)) {
        store.flip(index.name(), 100);
      }
    }

    RestorePoint again = fixture.backUp(open(), Optional.empty(), disk);

    assertThat(again.statistics().chunksDeduplicated()).isZero();
    assertThat(read(again)).isEqualTo(disk);
    assertThat(read(stays)).isEqualTo(other);
  }

  /** Returns a point of which the disk lies partly in a collector's packs, and nowhere else. */
  private RestorePoint movedByACollector() {
    Repository repository = fixture.init();
    byte[] before = Fixture.random(random, CHUNKS * CHUNK);
    for (int chunk = 0; chunk < CHUNKS; chunk += 6) {
      System.arraycopy(disk, chunk * CHUNK, before, chunk * CHUNK, CHUNK);
    }
    RestorePoint old = fixture.backUp(repository, Optional.empty(), before);
    RestorePoint point = fixture.backUp(repository, Optional.of(old.id()), disk);
    repository.deletePoint(old.id(), "a test");
    for (int i = 0; i < 2; i++) {
      fixture.clock.advance(AGE);
      repository.collect(CollectOptions.defaults().withScratch(scratch).withWantedPercent(50));
    }
    assertThat(movedTo().value()).startsWith("packs/");
    return point;
  }

  /** The pack that a collector moved blobs to. */
  private ObjectName movedTo() {
    return fixture.memory.list("packs").stream()
        .map(pack -> pack.name())
        .filter(pack -> Collector.isCollectors(PackId.of(pack).orElseThrow().writer()))
        .findFirst()
        .orElseThrow();
  }

  private void record(VerifyOptions options) {
    Repository repository = open();
    assertThat(repository.recordDamage(repository.verify(options, VerifyReport.Progress.NONE)))
        .isPositive();
  }

  private Repository open() {
    return fixture.open(store);
  }

  private byte[] read(RestorePoint point) {
    return Fixture.readDisk(open(), point.id(), 0);
  }

  private CollectReport collect() {
    return fixture.open().collect(CollectOptions.defaults().withScratch(scratch));
  }
}
