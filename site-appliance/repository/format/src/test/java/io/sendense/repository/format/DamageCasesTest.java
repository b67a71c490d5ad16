package io.sendense.repository.format;

import static io.sendense.repository.format.Fixture.CHUNK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.testkit.FaultyObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The damaged repositories that restic, kopia and borg keep for their own tests (restic's
 * cmd/restic/testdata: data-missing, index-missing, index-missing-blob, duplicates, unreferenced,
 * unused-data-missing; kopia's blob deletion; borg's disk full), as cases of this format.
 */
class DamageCasesTest {
  private static final int CHUNKS = 40;

  private final Fixture fixture = new Fixture();
  private final byte[] disk = Fixture.random(new SplittableRandom(8), CHUNKS * CHUNK);
  private Repository repository;
  private RestorePoint point;

  @BeforeEach
  void aPoint() {
    repository = fixture.init();
    point = fixture.backUp(repository, Optional.empty(), disk);
  }

  @Test
  void indexMissing() {
    byte[] other = Fixture.random(new SplittableRandom(9), CHUNKS * CHUNK);
    RestorePoint second = fixture.backUp(repository, Optional.empty(), other);
    ObjectName lost = names("indexes").getFirst();
    fixture.memory.delete(lost);
    Repository opened = fixture.open();
    assertThat(Fixture.readDisk(opened, point.id(), 0)).isEqualTo(disk);
    assertThat(Fixture.readDisk(opened, second.id(), 0)).isEqualTo(other);
    int indexed = opened.rebuildIndexes();
    assertThat(indexed).isPositive().isLessThan(names("packs").size());
    assertThat(opened.rebuildIndexes()).as("a second time there is nothing to do").isZero();
    assertWhole();
    assertThat(fixture.backUp(fixture.open(), Optional.empty(), disk).statistics().chunksStored())
        .isZero();
  }

  @Test
  void indexMissingABlob() {
    ObjectName name = names("indexes").getFirst();
    Keys keys = ((SealedRepository) repository).blobs().codecs().keys();
    IndexObject index =
        IndexObject.decode(
            name, fixture.memory.get(name, IndexObject.BYTES_MAX), Optional.of(keys));
    List<PackRecord> packs = new ArrayList<>(index.packs());
    PackRecord first = packs.getFirst();
    packs.set(
        0,
        new PackRecord(
            first.id(),
            first.lengthBytes(),
            first.checksum(),
            first.entries().subList(1, first.entries().size())));
    IndexPublisher forged =
        new IndexPublisher(
            fixture.memory,
            keys,
            fixture.environment.random(),
            fixture.clock.instant().plus(java.time.Duration.ofDays(1)));
    packs.forEach(forged::add);
    forged.publishReplacing(List.of(index.id()));
    fixture.memory.delete(name);

    assertThat(Fixture.readDisk(fixture.open(), point.id(), 0)).isEqualTo(disk);
    assertWhole();
    assertThat(fixture.backUp(fixture.open(), Optional.empty(), disk).statistics().chunksStored())
        .as("what no index names is stored again")
        .isLessThanOrEqualTo(1);
    assertWhole();
  }

  @Test
  void duplicatesServeForEachOther() {
    byte[] twice = Fixture.random(new SplittableRandom(10), CHUNKS * CHUNK);
    Repository other = fixture.open();
    PointWriter one = repository.beginPoint(fixture.draft("a", Optional.empty(), twice.length));
    PointWriter two = other.beginPoint(fixture.draft("b", Optional.empty(), twice.length));
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      Fixture.writeChunk(one, 0, twice, chunk);
      Fixture.writeChunk(two, 0, twice, chunk);
    }
    RestorePoint a = one.seal(Map.of());
    RestorePoint b = two.seal(Map.of());
    assertWhole();

    UUID writer = ((SealedRepository) repository).load(a.id()).writer();
    names("packs").stream()
        .filter(name -> PackId.of(name).orElseThrow().writer().equals(writer))
        .forEach(fixture.memory::delete);
    // The damage is recorded first: until then an index may lead to either of the two.
    Repository opened = fixture.open();
    opened.recordDamage(opened.verify(VerifyOptions.structure(), VerifyReport.Progress.NONE));
    assertThat(Fixture.readDisk(fixture.open(), b.id(), 0)).isEqualTo(twice);
    assertThat(Fixture.readDisk(fixture.open(), a.id(), 0))
        .as("nothing of it is left but in the other's packs")
        .isEqualTo(twice);
    assertWhole();
  }

  @Test
  void unreferencedPacksAreNoFaultAndAreUsed() {
    byte[] more = Fixture.random(new SplittableRandom(11), CHUNKS * CHUNK);
    PointWriter abandoned = repository.beginPoint(fixture.draft(Optional.empty(), more.length));
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      Fixture.writeChunk(abandoned, 0, more, chunk);
    }
    abandoned.abandon();
    assertWhole();
    assertThat(fixture.backUp(fixture.open(), Optional.empty(), more).statistics().chunksStored())
        .isLessThan(CHUNKS / 2);
    assertWhole();
  }

  @Test
  void unusedDataMissingAffectsNoPointAndIsReliedOnByNoWriter() {
    byte[] gone = Fixture.random(new SplittableRandom(12), CHUNKS * CHUNK);
    RestorePoint deleted = fixture.backUp(repository, Optional.empty(), gone);
    UUID writer = ((SealedRepository) repository).load(deleted.id()).writer();
    fixture.memory.delete(PointObject.name(deleted.id()));
    ObjectName pack =
        names("packs").stream()
            .filter(name -> PackId.of(name).orElseThrow().writer().equals(writer))
            .findFirst()
            .orElseThrow();
    fixture.memory.delete(pack);

    Repository opened = fixture.open();
    VerifyReport report = verify(opened);
    assertThat(report.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.kind()).isEqualTo(VerifyReport.Kind.MISSING);
              assertThat(finding.object()).isEqualTo(pack.value());
              assertThat(finding.point()).isEmpty();
            });
    opened.recordDamage(report);
    assertThat(verify(fixture.open()).findings()).as("once recorded it is no news").isEmpty();
    RestorePoint again = fixture.backUp(fixture.open(), Optional.empty(), gone);
    assertThat(Fixture.readDisk(fixture.open(), again.id(), 0)).isEqualTo(gone);
    assertThat(verify(fixture.open()).findings()).isEmpty();
  }

  @Test
  void anyDeletedObjectIsToldAndCostsOnlyWhatNeedsIt() {
    for (String name : Fixture.objects(fixture.memory).keySet()) {
      Fixture each = new Fixture();
      RestorePoint made = each.backUp(each.init(), Optional.empty(), disk);
      String kind = name.split("/", 2)[0];
      List<ObjectName> same = each.memory.list(kind).stream().map(object -> object.name()).toList();
      each.memory.delete(same.isEmpty() ? new ObjectName(name) : same.getFirst());
      switch (kind) {
        case "format" ->
            assertThatThrownBy(each::open)
                .isInstanceOfSatisfying(
                    SendenseException.class,
                    e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
        case "keys" -> assertThatThrownBy(each::open).hasMessageContaining("no key object");
        case "points" -> assertThat(each.open().points()).isEmpty();
        case "indexes" -> assertThat(Fixture.readDisk(each.open(), made.id(), 0)).isEqualTo(disk);
        default -> assertThat(verify(each.open()).whole()).as(name).isFalse();
      }
    }
  }

  @Test
  @Tag("exhaustive")
  void aStoreThatIsFullAtAnyPutHarmsNothingAndTheNextRunGoesOn() {
    byte[] more = Fixture.random(new SplittableRandom(13), CHUNKS * CHUNK);
    boolean survived = false;
    for (int k = 0; !survived; k++) {
      Fixture each = new Fixture();
      RestorePoint before = each.backUp(each.init(), Optional.empty(), disk);
      AtomicInteger left = new AtomicInteger(k);
      ObjectStore full =
          new FaultyObjectStore(
              each.store,
              (operation, what, done) -> {
                if (operation == FaultyObjectStore.Operation.PUT
                    && !done
                    && left.decrementAndGet() < 0) {
                  throw StoreFailure.noSpace("memory", new ObjectName(what), null);
                }
              });
      try {
        each.backUp(
            Repository.open(full, Fixture.SECRET, each.environment),
            Optional.of(before.id()),
            more);
        survived = true;
      } catch (SendenseException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE);
        assertThat(each.open().points()).containsExactly(before);
      }
      RestorePoint next = each.backUp(each.open(), Optional.of(before.id()), more);
      assertThat(Fixture.readDisk(each.open(), next.id(), 0)).isEqualTo(more);
      assertThat(verify(each.open()).findings()).isEmpty();
      assertThat(each.store.broken).isEmpty();
      assertThat(k).isLessThan(200);
    }
  }

  private void assertWhole() {
    assertThat(verify(fixture.open()).findings()).isEmpty();
    assertThat(fixture.store.broken).isEmpty();
  }

  private static VerifyReport verify(Repository repository) {
    return repository.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE);
  }

  private List<ObjectName> names(String folder) {
    return fixture.memory.list(folder).stream().map(object -> object.name()).toList();
  }
}
