package io.sendense.repository.format;

import static io.sendense.repository.format.Fixture.CHUNK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.testkit.FaultyObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes, what stays, and when. */
class CollectTest {
  private static final Duration AGE = Duration.ofDays(4).plusMinutes(2);
  private static final int CHUNKS = 24;

  @TempDir Path scratch;

  private final Fixture fixture = new Fixture();
  private final SplittableRandom random = new SplittableRandom(11);

  @Test
  void aDeletedPointIsListedNoMoreAndCanBeReadUntilItIsCollected() {
    Repository repository = fixture.init();
    byte[] disk = Fixture.random(random, CHUNKS * CHUNK);
    RestorePoint point = fixture.backUp(repository, Optional.empty(), disk);

    repository.deletePoint(point.id(), "a test");

    assertThat(repository.points()).isEmpty();
    assertThat(fixture.open().latest("web")).isEmpty();
    collect(repository);
    assertThat(Fixture.readDisk(repository, point.id(), 0)).isEqualTo(disk);
    assertThatThrownBy(() -> fixture.backUp(repository, Optional.of(point.id()), disk))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    assertThat(fixture.memory.list("intents")).isEmpty();
  }

  @Test
  void whatOnlyDeletedPointsNeededGoesAfterTheDeletionAgeAndNotBefore() {
    Repository repository = fixture.init();
    byte[] first = Fixture.random(random, CHUNKS * CHUNK);
    byte[] second = Fixture.random(random, CHUNKS * CHUNK);
    RestorePoint gone = fixture.backUp(repository, Optional.empty(), first);
    RestorePoint stays = fixture.backUp(repository, Optional.empty(), second);
    Set<String> before = names("packs");
    repository.deletePoint(gone.id(), "a test");

    fixture.clock.advance(AGE);
    CollectReport condemning = collect(repository);
    assertThat(condemning.pointsRemoved()).isEqualTo(1);
    assertThat(condemning.packsCondemned().bytes()).isGreaterThan(CHUNKS * CHUNK * 9L / 10);
    assertThat(condemning.packsDeleted().count()).isZero();
    assertThat(names("packs")).isEqualTo(before);
    fixture.clock.advance(Duration.ofDays(4).minusMinutes(1));
    assertThat(collect(repository).packsDeleted().count()).isZero();
    fixture.clock.advance(Duration.ofMinutes(3));
    CollectReport deleting = collect(repository);

    assertThat(deleting.packsDeleted().count()).isEqualTo(condemning.packsCondemned().count());
    assertThat(names("packs")).hasSizeLessThan(before.size());
    assertThat(Fixture.readDisk(fixture.open(), stays.id(), 0)).isEqualTo(second);
    assertWhole();
    assertThat(names("indexes")).hasSize(2);
    assertThat(names("deletions")).isEmpty();
    assertThat(collect(repository).packsDeleted().count()).isZero();
  }

  @Test
  void aDryRunTellsTheSameAndChangesNothing() {
    Repository repository = fixture.init();
    RestorePoint gone =
        fixture.backUp(repository, Optional.empty(), Fixture.random(random, CHUNKS * CHUNK));
    repository.deletePoint(gone.id(), "a test");
    fixture.clock.advance(AGE);
    var before = Fixture.objects(fixture.memory);

    CollectReport dry = repository.collect(options().withDryRun(true));

    assertThat(Fixture.objects(fixture.memory).keySet()).isEqualTo(before.keySet());
    CollectReport real = collect(repository);
    assertThat(dry).isEqualTo(real);
    fixture.clock.advance(AGE);
    dry = repository.collect(options().withDryRun(true));
    assertThat(dry.packsDeleted()).isEqualTo(collect(repository).packsDeleted());
    assertThat(names("packs")).isEmpty();
  }

  @Test
  void mostlyDeadPacksAreRewrittenAndEveryPointStaysReadable() {
    Repository repository = fixture.init();
    byte[] disk = Fixture.random(random, CHUNKS * CHUNK);
    RestorePoint first = fixture.backUp(repository, Optional.empty(), disk);
    byte[] next = Fixture.random(random, CHUNKS * CHUNK);
    // One chunk in six is shared: each pack of the first point stays needed by little.
    for (int chunk = 0; chunk < CHUNKS; chunk += 6) {
      System.arraycopy(disk, chunk * CHUNK, next, chunk * CHUNK, CHUNK);
    }
    RestorePoint second = fixture.backUp(repository, Optional.of(first.id()), next);
    Repository reader = fixture.open();
    PointReader early = reader.read(second.id());
    repository.deletePoint(first.id(), "a test");
    fixture.clock.advance(AGE);

    CollectReport report = collect(repository);

    assertThat(report.packsRewritten().count()).isPositive();
    assertThat(report.packsRewritten().bytes())
        .isLessThan(report.packsRewritten().count() * 2 * CHUNK + 65_536);
    assertWhole();
    fixture.clock.advance(AGE);
    assertThat(collect(repository).packsDeleted().count())
        .isGreaterThanOrEqualTo(report.packsRewritten().count());
    assertThat(Fixture.readDisk(fixture.open(), second.id(), 0)).isEqualTo(next);
    assertThat(Fixture.readDisk(repository, second.id(), 0)).isEqualTo(next);
    java.nio.ByteBuffer content = java.nio.ByteBuffer.allocate(next.length);
    early.disk(0).read(0, content);
    assertThat(content.array()).as("a reader from before").isEqualTo(next);
    assertWhole();
    assertThat(
            fixture.open().verify(VerifyOptions.structure(), VerifyReport.Progress.NONE).findings())
        .isEmpty();
    // A child of a point whose blobs moved, and its content, are whole too.
    next[3] ^= 1;
    RestorePoint third = fixture.backUp(fixture.open(), Optional.of(second.id()), next);
    assertThat(third.statistics().chunksStored()).isEqualTo(1);
    assertThat(Fixture.readDisk(fixture.open(), third.id(), 0)).isEqualTo(next);
    assertWhole();
    fixture.clock.advance(AGE);
    assertThat(collect(repository).packsRewritten().count()).isZero();
  }

  @Test
  void whatACrashedWriterLeftGoesAfterTheDeletionAge() {
    Repository repository = fixture.init();
    PointWriter dead = repository.beginPoint(fixture.draft(Optional.empty(), CHUNKS * CHUNK));
    byte[] disk = Fixture.random(random, CHUNKS * CHUNK);
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      Fixture.writeChunk(dead, 0, disk, chunk);
    }
    dead.abandon();
    assertThat(names("packs")).isNotEmpty();
    collect(repository);
    assertThat(names("packs")).isNotEmpty();
    fixture.clock.advance(AGE);
    collect(repository);
    assertThat(Fixture.objects(fixture.memory).keySet())
        .allMatch(name -> name.equals("format") || name.startsWith("keys/"));
  }

  @Test
  void aWriterResumedAfterItsDeadlineFailsAndTheLateIndexMisleadsNobody() {
    fixture.init();
    byte[] disk = Fixture.random(random, CHUNKS * CHUNK);
    // Past the order rules: what it puts late names what is gone, and counts for nothing.
    Repository repository = fixture.open(fixture.memory);
    PointWriter slow = repository.beginPoint(fixture.draft(Optional.empty(), CHUNKS * CHUNK));
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      Fixture.writeChunk(slow, 0, disk, chunk);
    }
    // Its packs are collected while it sleeps; then it goes on.
    fixture.clock.advance(AGE);
    Repository other = fixture.open(fixture.memory);
    collect(other);

    assertThatThrownBy(() -> slow.seal(java.util.Map.of()))
        .isInstanceOfSatisfying(
            SendenseException.class,
            e ->
                assertThat(e.code())
                    .isIn(ErrorCode.DEADLINE_EXCEEDED, ErrorCode.STORE_OBJECT_MISSING));
    assertThat(names("indexes")).as("late indexes").isNotEmpty();
    RestorePoint next = fixture.backUp(fixture.open(), Optional.empty(), disk);
    assertThat(next.statistics().chunksDeduplicated()).isZero();
    assertThat(Fixture.readDisk(fixture.open(), next.id(), 0)).isEqualTo(disk);
    assertWhole();
    fixture.clock.advance(AGE);
    collect(other);
    assertThat(names("indexes")).hasSize(1);
    assertWhole();
  }

  @Test
  void aWriterThatReliedOnWhatWasCondemnedMeanwhileBringsItBack() {
    Repository repository = fixture.init();
    byte[] disk = Fixture.random(random, CHUNKS * CHUNK);
    RestorePoint first = fixture.backUp(repository, Optional.empty(), disk);
    repository.deletePoint(first.id(), "a test");
    fixture.clock.advance(AGE);
    PointWriter slow = repository.beginPoint(fixture.draft(Optional.empty(), CHUNKS * CHUNK));
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      assertThat(Fixture.writeChunk(slow, 0, disk, chunk)).isEqualTo(WriteOutcome.DEDUPLICATED);
    }
    assertThat(collect(fixture.open()).packsCondemned().count()).isPositive();
    fixture.clock.advance(Duration.ofHours(40));
    RestorePoint point = slow.seal(java.util.Map.of());
    fixture.clock.advance(AGE);

    CollectReport report = collect(fixture.open());

    assertThat(report.packsCovered()).isPositive();
    assertThat(report.packsDeleted().bytes()).isLessThan(CHUNK);
    assertThat(Fixture.readDisk(fixture.open(), point.id(), 0)).isEqualTo(disk);
    assertWhole();
    RestorePoint again = fixture.backUp(fixture.open(), Optional.empty(), disk);
    assertThat(again.statistics().chunksStored()).as("found again").isZero();
  }

  @Test
  void aCollectorThatSleptPublishesNothingThatCountsAndDeletesNothing() {
    Repository repository = fixture.init();
    byte[] disk = Fixture.random(random, CHUNKS * CHUNK);
    RestorePoint first = fixture.backUp(repository, Optional.empty(), disk);
    RestorePoint second =
        fixture.backUp(repository, Optional.empty(), Fixture.random(random, CHUNKS * CHUNK));
    repository.deletePoint(first.id(), "a test");
    fixture.clock.advance(AGE);
    for (String stage : new String[] {"points", "packs", "indexes"}) {
      boolean[] slept = new boolean[1];
      Repository sleeper =
          fixture.open(
              new FaultyObjectStore(
                  fixture.memory,
                  (operation, what, done) -> {
                    boolean here =
                        stage.equals("indexes")
                            ? operation == FaultyObjectStore.Operation.PUT
                            : operation == FaultyObjectStore.Operation.LIST;
                    if (here && what.startsWith(stage) && !slept[0]) {
                      slept[0] = true;
                      fixture.clock.advance(Duration.ofDays(9));
                    }
                  }));
      Set<String> packs = names("packs");
      assertThatThrownBy(() -> collect(sleeper))
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
      assertThat(slept[0]).isTrue();
      assertThat(names("packs")).isEqualTo(packs);
      assertThat(fixture.open().points()).containsExactly(second);
      assertWhole();
    }
  }

  @Test
  void aPointThatCannotBeReadStopsTheCollectionAndNamesIt() {
    Repository repository = fixture.init();
    RestorePoint point =
        fixture.backUp(repository, Optional.empty(), Fixture.random(random, CHUNKS * CHUNK));
    ObjectName name = PointObject.name(point.id());
    byte[] bytes = fixture.memory.get(name, 1 << 20);
    bytes[100] ^= 1;
    fixture.memory.delete(name);
    fixture.memory.put(name, bytes);
    fixture.clock.advance(AGE);
    var before = Fixture.objects(fixture.memory).keySet();

    assertThatThrownBy(() -> collect(fixture.open()))
        .isInstanceOf(SendenseException.class)
        .hasMessageContaining(point.id().toString());
    assertThat(Fixture.objects(fixture.memory).keySet()).containsAll(before);
  }

  @Test
  void aDamagedIndexStopsTheCollectionUntilItIsMadeAgain() {
    Repository repository = fixture.init();
    RestorePoint point =
        fixture.backUp(repository, Optional.empty(), Fixture.random(random, CHUNKS * CHUNK));
    ObjectName name = fixture.memory.list("indexes").getFirst().name();
    byte[] bytes = fixture.memory.get(name, 16 << 20);
    bytes[bytes.length - 40] ^= 1;
    fixture.memory.delete(name);
    fixture.memory.put(name, bytes);
    assertThatThrownBy(() -> collect(fixture.open())).hasMessageContaining(name.value());

    assertThat(fixture.open().rebuildIndexes()).isPositive();

    collect(fixture.open());
    fixture.clock.advance(AGE);
    collect(fixture.open());
    assertThat(fixture.memory.stat(name)).isEmpty();
    assertWhole();
    assertThat(fixture.open().points()).containsExactly(point);
  }

  @Test
  void aHeldPointIsNotDeletedByAnybody() {
    Repository repository = fixture.init();
    byte[] disk = Fixture.random(random, CHUNKS * CHUNK);
    RestorePoint point = fixture.backUp(repository, Optional.empty(), disk);
    repository.hold(point.id(), "a court asks");

    assertThatThrownBy(() -> fixture.open().deletePoint(point.id(), "a test"))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_LOCKED));
    // A mark that came at the same moment as the hold is overruled by it.
    Keys keys = ((SealedRepository) repository).sealingKeys();
    PointMark mark = new PointMark(PointMark.Kind.DELETED, point.id(), Fixture.START, "a race");
    fixture.memory.put(mark.name(), mark.encode(keys, fixture.environment.random()));
    fixture.clock.advance(AGE);
    collect(fixture.open());
    assertThat(fixture.open().points()).containsExactly(point);
    assertThat(Fixture.readDisk(fixture.open(), point.id(), 0)).isEqualTo(disk);

    repository.release(point.id());
    collect(fixture.open());
    assertThat(fixture.open().points()).containsExactly(point);
    repository.deletePoint(point.id(), "now");
    assertThat(fixture.open().points()).isEmpty();
  }

  @Test
  void aMarkThatWasNotSealedWithOurKeyDeletesNothing() {
    Repository repository = fixture.init();
    RestorePoint point =
        fixture.backUp(repository, Optional.empty(), Fixture.random(random, CHUNK));
    Fixture other = new Fixture();
    PointMark mark = new PointMark(PointMark.Kind.DELETED, point.id(), Fixture.START, "forged");
    Keys foreign = ((SealedRepository) other.init()).sealingKeys();
    fixture.memory.put(mark.name(), mark.encode(foreign, fixture.environment.random()));
    fixture.clock.advance(AGE);
    collect(repository);

    assertThat(repository.points()).containsExactly(point);
    repository.deletePoint(point.id(), "for good");
    assertThat(repository.points()).isEmpty();
  }

  @Test
  void manySmallIndexesBecomeOne() {
    Repository repository = fixture.init();
    Optional<PointId> parent = Optional.empty();
    byte[] disk = Fixture.random(random, CHUNKS * CHUNK);
    for (int i = 0; i < 17; i++) {
      disk[i * CHUNK] ^= 1;
      parent = Optional.of(fixture.backUp(repository, parent, disk).id());
    }
    assertThat(names("indexes")).hasSize(17);
    collect(repository);
    fixture.clock.advance(AGE);
    collect(repository);
    assertThat(names("indexes")).hasSize(1);
    assertWhole();
    assertThat(fixture.backUp(fixture.open(), parent, disk).statistics().chunksStored()).isZero();
    assertWhole();
  }

  private CollectReport collect(Repository repository) {
    return repository.collect(options());
  }

  private CollectOptions options() {
    return CollectOptions.defaults().withScratch(scratch);
  }

  private Set<String> names(String folder) {
    return fixture.memory.list(folder).stream()
        .map(object -> object.name().value())
        .collect(Collectors.toSet());
  }

  private void assertWhole() {
    assertThat(
            fixture
                .open()
                .verify(VerifyOptions.everything(), VerifyReport.Progress.NONE)
                .findings())
        .isEmpty();
    assertThat(OperatorCheck.run(fixture.memory, VerifyReport.Progress.NONE).findings()).isEmpty();
  }
}
