package io.sendense.repository.format;

import static io.sendense.repository.format.Fixture.CHUNK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoreCapabilities;
import io.sendense.repository.testkit.FaultyObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Old points go down whole, young ones stay near, and nothing touches an archive by accident. */
class TierTest {
  private static final int CHUNKS = 150;
  private static final TierPolicy POLICY =
      new TierPolicy(Optional.of(Duration.ofDays(30)), Optional.of(Duration.ofDays(180)));

  private final Fixture fixture = new Fixture();
  private final SplittableRandom random = new SplittableRandom(5);
  private final byte[] old = Fixture.random(random, CHUNKS * CHUNK);
  private final byte[] young = old.clone();
  private Repository repository;
  private RestorePoint first;
  private RestorePoint second;

  @BeforeEach
  void anOldPointAndAYoungOneThatSharesHalfOfIt() {
    repository = fixture.init();
    first = fixture.backUp(repository, Optional.empty(), old);
    fixture.clock.advance(Duration.ofDays(200));
    System.arraycopy(Fixture.random(random, CHUNKS / 2 * CHUNK), 0, young, 0, CHUNKS / 2 * CHUNK);
    second = fixture.backUp(repository, Optional.of(first.id()), young);
  }

  @Test
  void aPackGoesDownOnlyWhenEveryPointThatNeedsItIsOldEnough() {
    TierReport planned = repository.tier(POLICY, Set.of(), true);
    assertThat(in(ObjectTier.ARCHIVE)).as("a dry run moves nothing").isZero();

    TierReport done = repository.tier(POLICY, Set.of(), false);

    assertThat(done).isEqualTo(planned);
    assertThat(done.archived().count()).isEqualTo(in(ObjectTier.ARCHIVE)).isPositive();
    assertThat(done.cooled().count()).isZero();
    assertThat(done.points())
        .extracting(each -> each.point().id(), each -> each.tier())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(second.id(), ObjectTier.HOT),
            org.assertj.core.groups.Tuple.tuple(first.id(), ObjectTier.ARCHIVE));
    assertThat(Fixture.readDisk(fixture.open(), second.id(), 0)).isEqualTo(young);
    assertThat(repository.tier(POLICY, Set.of(), false).archived().count())
        .as("a second time there is nothing to do")
        .isZero();
  }

  @Test
  void theNewestPointOfAMachineIsNeverArchived() {
    fixture.clock.advance(Duration.ofDays(1000));
    TierReport report = repository.tier(POLICY, Set.of(), false);
    assertThat(report.cooled().count()).isEqualTo(in(ObjectTier.COOL)).isPositive();
    assertThat(Fixture.readDisk(fixture.open(), second.id(), 0)).isEqualTo(young);
    RestorePoint third = fixture.backUp(fixture.open(), Optional.of(second.id()), young);
    assertThat(Fixture.readDisk(fixture.open(), third.id(), 0)).isEqualTo(young);
  }

  @Test
  void anArchivedPointSaysWhatItNeedsAndComesBackAfterTheStoresTime() {
    repository.tier(POLICY, Set.of(), false);
    assertThatThrownBy(() -> Fixture.readDisk(fixture.open(), first.id(), 0))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_ARCHIVED));
    Recall before = repository.recall(first.id(), false);
    assertThat(before.readable()).isFalse();
    assertThat((long) before.archived()).isEqualTo(in(ObjectTier.ARCHIVE));
    assertThat(before.bytes()).isGreaterThan(CHUNKS / 3 * (long) CHUNK);
    assertThat(repository.recall(second.id(), false).readable()).isTrue();

    Recall asked = repository.recall(first.id(), true);
    assertThat(asked.archived()).isZero();
    assertThat(asked.underWay()).isEqualTo(before.archived());
    fixture.clock.advance(MemoryObjectStore.REHYDRATION.dividedBy(2));
    assertThat(repository.recall(first.id(), true).underWay()).isEqualTo(before.archived());
    fixture.clock.advance(MemoryObjectStore.REHYDRATION.dividedBy(2));

    assertThat(repository.recall(first.id(), false).readable()).isTrue();
    assertThat(Fixture.readDisk(fixture.open(), first.id(), 0)).isEqualTo(old);
    assertThat(repository.tier(POLICY, Set.of(first.id()), false).archived().count()).isZero();
    assertThat(Fixture.readDisk(fixture.open(), first.id(), 0)).isEqualTo(old);
  }

  @Test
  void verifyAndTheOperatorReadNoArchivedPackAndFindThatOneIsMissing() {
    repository.tier(POLICY, Set.of(), false);
    assertThat(verify(fixture.open()).findings()).isEmpty();
    assertThat(OperatorCheck.run(fixture.store, VerifyReport.Progress.NONE).findings()).isEmpty();
    fixture.memory.list("packs").stream()
        .filter(o -> fixture.memory.tierState(o.name()).tier() == ObjectTier.ARCHIVE)
        .limit(1)
        .forEach(o -> fixture.memory.delete(o.name()));
    assertThat(verify(fixture.open()).findings())
        .isNotEmpty()
        .allSatisfy(finding -> assertThat(finding.point()).contains(first.id()));
  }

  @Test
  void aBackupReliesOnNoArchivedPackAndReadsNone() {
    repository.tier(POLICY, Set.of(), false);
    ObjectStore watched =
        new FaultyObjectStore(
            fixture.store,
            (operation, what, done) -> {
              if (operation == FaultyObjectStore.Operation.READ && what.startsWith("packs")) {
                assertThat(tier(what)).as(what).isNotEqualTo(ObjectTier.ARCHIVE);
              }
            });
    Repository opened = Repository.open(watched, Fixture.SECRET, fixture.environment);
    RestorePoint again = fixture.backUp(opened, Optional.of(second.id()), old);
    RestorePoint full = fixture.backUp(opened, Optional.empty(), old);

    assertThat(again.statistics().chunksStored())
        .as("content that lies only in the archive is stored again")
        .isBetween(CHUNKS / 3L, CHUNKS / 2L);
    assertThat(Fixture.readDisk(fixture.open(), again.id(), 0)).isEqualTo(old);
    assertThat(Fixture.readDisk(fixture.open(), full.id(), 0)).isEqualTo(old);
  }

  @Test
  void aCollectorLeavesArchivedPacksOfWhichOnlyALittleIsWanted(@TempDir Path scratch) {
    // One more old point that keeps a few chunks of the first alive in the archive.
    byte[] few = Fixture.random(random, CHUNKS * CHUNK);
    for (int chunk = 0; chunk < CHUNKS; chunk += 10) {
      System.arraycopy(old, chunk * CHUNK, few, chunk * CHUNK, CHUNK);
    }
    RestorePoint sharing = fixture.backUp(repository, Optional.of(first.id()), few);
    fixture.clock.advance(Duration.ofDays(200));
    RestorePoint newest = fixture.backUp(repository, Optional.of(sharing.id()), young);
    assertThat(repository.tier(POLICY, Set.of(), false).archived().count()).isPositive();
    repository.deletePoint(first.id(), "a test");
    repository.deletePoint(second.id(), "a test");

    CollectOptions options = CollectOptions.defaults().withScratch(scratch);
    for (int run = 0; run < 3; run++) {
      fixture.clock.advance(Duration.ofDays(10));
      fixture.open().collect(options);
    }

    assertThat(in(ObjectTier.ARCHIVE)).isPositive();
    fixture.open().recall(sharing.id(), true);
    fixture.clock.advance(MemoryObjectStore.REHYDRATION);
    assertThat(Fixture.readDisk(fixture.open(), sharing.id(), 0)).isEqualTo(few);
    assertThat(Fixture.readDisk(fixture.open(), newest.id(), 0)).isEqualTo(young);
  }

  @Test
  void whatAYoungPointTurnsOutToNeedIsAskedBack() {
    List<PackId> nodes = List.copyOf(nodePacks());
    repository.tier(POLICY, Set.of(), false);
    fixture.memory.list("packs").stream()
        .map(o -> o.name())
        .filter(name -> fixture.memory.tierState(name).tier() == ObjectTier.HOT)
        .forEach(name -> fixture.memory.moveTo(name, ObjectTier.ARCHIVE));
    // The trees' packs come back by an operator's hand: no tiering ever archives them.
    nodes.forEach(pack -> fixture.memory.moveTo(pack.objectName(), ObjectTier.HOT));
    fixture.clock.advance(MemoryObjectStore.REHYDRATION);

    TierReport report = fixture.open().tier(POLICY, Set.of(), false);

    assertThat(report.recalled().count()).isPositive();
    fixture.clock.advance(MemoryObjectStore.REHYDRATION);
    assertThat(Fixture.readDisk(fixture.open(), second.id(), 0)).isEqualTo(young);
  }

  @Test
  void aStoreWithoutTiersIsLeftAlone() {
    ObjectStore plain = new MemoryObjectStore(fixture.clock, StoreCapabilities.NONE);
    Repository flat =
        Repository.init(plain, Fixture.SECRET, Fixture.settings(), fixture.environment);
    assertThatThrownBy(() -> flat.tier(POLICY, Set.of(), true))
        .isInstanceOfSatisfying(
            SendenseException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNSUPPORTED));
    RestorePoint point = fixture.backUp(flat, Optional.empty(), Fixture.filled(CHUNK, 1));
    assertThat(flat.recall(point.id(), true).readable()).isTrue();
  }

  @Test
  void aCollectorCoversAgainWhatLiesInAnArchiveByWhatTheIndexSaid(@TempDir Path scratch) {
    repository.deletePoint(first.id(), "a test");
    repository.deletePoint(second.id(), "a test");
    Set<PackId> nodes = nodePacks();
    var before = fixture.memory.list("packs");
    RestorePoint late;
    try (PointWriter slow =
        fixture.open().beginPoint(fixture.draft("slow", Optional.empty(), old.length))) {
      collect(scratch);
      for (int chunk = 0; chunk < CHUNKS; chunk++) {
        Fixture.writeChunk(slow, 0, old, chunk);
      }
      late = slow.seal(java.util.Map.of());
    }
    assertThat(late.statistics().chunksStored()).isZero();
    for (var pack : before) {
      if (!nodes.contains(PackId.of(pack.name()).orElseThrow())) {
        fixture.memory.moveTo(pack.name(), ObjectTier.ARCHIVE);
      }
    }

    assertThat(collect(scratch).packsCovered()).isPositive();

    assertThat(collect(scratch).packsCovered()).as("they are covered").isZero();
    for (int i = 0; i < 2; i++) {
      fixture.clock.advance(Duration.ofDays(30));
      collect(scratch);
    }
    for (var pack : fixture.memory.list("packs")) {
      fixture.memory.moveTo(pack.name(), ObjectTier.HOT);
    }
    fixture.clock.advance(Duration.ofDays(2));
    assertThat(Fixture.readDisk(fixture.open(), late.id(), 0)).isEqualTo(old);
  }

  private CollectReport collect(Path scratch) {
    return fixture.open().collect(CollectOptions.defaults().withScratch(scratch));
  }

  private Set<PackId> nodePacks() {
    Set<PackId> packs = new java.util.HashSet<>();
    SealedRepository sealed = (SealedRepository) repository;
    for (RestorePoint point : List.of(first, second)) {
      PointObject object = sealed.load(point.id());
      TreeReader tree = sealed.tree(Optional.of(object), point.disks().getFirst());
      for (int level = 0; level < tree.height(); level++) {
        for (long i = 0; i <= CHUNKS / 128; i++) {
          Ref node = tree.node(level, i);
          if (node != null) {
            packs.add(node.at().pack());
          }
        }
      }
    }
    return packs;
  }

  private ObjectTier tier(String name) {
    return fixture.memory.tierState(new io.sendense.repository.spi.ObjectName(name)).tier();
  }

  private long in(ObjectTier tier) {
    return fixture.memory.list("packs").stream()
        .filter(o -> fixture.memory.tierState(o.name()).tier() == tier)
        .count();
  }

  private static VerifyReport verify(Repository repository) {
    return repository.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE);
  }
}
