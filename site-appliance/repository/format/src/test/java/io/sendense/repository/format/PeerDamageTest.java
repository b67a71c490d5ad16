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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Further cases that the tests of restic, kopia and borg break, as cases of this format;
 * docs/formats/damage-cases.md lists all of them.
 */
class PeerDamageTest extends TwoCopies {
  @Test
  void aChunkIsNeverOpenedAsATreeNodeNorANodeAsAChunk() {
    SealedRepository near = (SealedRepository) fixture.open();
    Ref top = near.load(first.id()).tops().getFirst().orElseThrow();
    TreeReader tree = near.tree(Optional.of(near.load(first.id())), first.disks().getFirst());
    Ref chunk = java.util.Objects.requireNonNull(tree.chunk(0));
    assertThat(opens(near, BlobCodec.NODE, top)).isTrue();
    assertThat(opens(near, BlobCodec.CHUNK, chunk)).isTrue();
    assertThat(opens(near, BlobCodec.CHUNK, top)).isFalse();
    assertThat(opens(near, BlobCodec.NODE, chunk)).isFalse();
  }

  @Test
  void aStoreThatFailsDuringAVerificationIsNotTakenForDamage() {
    for (int at : new int[] {1, 3, 7, 12, 20}) {
      AtomicInteger reads = new AtomicInteger(Integer.MIN_VALUE);
      ObjectStore failing =
          new FaultyObjectStore(
              fixture.memory,
              (operation, what, done) -> {
                if (operation == FaultyObjectStore.Operation.READ
                    && reads.incrementAndGet() == at) {
                  throw StoreFailure.unavailable("a flaky store", what, null);
                }
              });
      Repository repository = fixture.open(failing);
      reads.set(0);
      assertThatThrownBy(() -> verify(repository))
          .as("read " + at)
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
    }
    assertThat(fixture.memory.list("damage")).isEmpty();
  }

  @Test
  void ofAPackCutShortTheHealerTakesWhatIsLeft() {
    ObjectName pack = chunkPack();
    byte[] bytes = fixture.memory.get(pack, 64 << 20);
    OrderRules store = without(pack);
    store.beneath.put(pack, Arrays.copyOf(bytes, bytes.length / 2));
    Repository damaged = fixture.open(store);
    damaged.recordDamage(verify(damaged));

    HealReport healed = damaged.heal(Optional.of(far), VerifyReport.Progress.NONE);

    assertThat(healed.lost()).isEmpty();
    assertThat(healed.fromCopy()).isPositive().isLessThan(healed.chunks());
    assertWhole(store);
  }

  @Test
  void objectsOfOneKindUnderEachOthersNamesAreRefused() {
    for (String folder : List.of("points", "indexes", "packs")) {
      List<ObjectName> names =
          fixture.memory.list(folder).stream().map(object -> object.name()).toList();
      ObjectName one = names.getFirst();
      ObjectName other = names.getLast();
      OrderRules store = without(one);
      store.beneath.put(one, fixture.memory.get(other, 64 << 20));

      assertThat(OperatorCheck.run(store.beneath, VerifyReport.Progress.NONE).findings())
          .as(folder)
          .anyMatch(finding -> finding.object().equals(one.value()));
      assertThat(verify(fixture.open(store)).whole()).as(folder).isFalse();
      readsRightOrNot(store, folder);
    }
  }

  @Test
  void anObjectOfAnotherRepositoryOfTheTenantIsRefused() {
    SealedRepository other = (SealedRepository) far;
    for (String folder : List.of("points", "indexes", "packs", "keys")) {
      ObjectName theirs = other.store().list(folder).getFirst().name();
      OrderRules store = without(theirs);
      store.beneath.put(theirs, other.store().get(theirs, 64 << 20));

      readsRightOrNot(store, folder);
      assertThat(fixture.open(store).catalogue().damaged())
          .hasSize(folder.equals("points") ? 1 : 0);
      assertThat(fixture.open(store).points()).hasSize(folder.equals("points") ? 1 : 2);
    }
  }

  @Test
  void anObjectWithAStrangeNameIsTold() {
    for (String name : List.of("packs/strange", "indexes/strange", "points/strange")) {
      OrderRules store = without(new ObjectName(name));
      store.beneath.put(new ObjectName(name), new byte[200]);
      assertThat(OperatorCheck.run(store.beneath, VerifyReport.Progress.NONE).findings())
          .anyMatch(finding -> finding.object().equals(name));
      readsRightOrNot(store, name);
    }
  }

  @Test
  void aBlobUnderAnIdThatIsNotItsOwnIsCaughtBeforeAnyIndexNamesIt() {
    SealedRepository near = (SealedRepository) fixture.open();
    int indexes = fixture.memory.list("indexes").size();
    try (HealWriter writer = new HealWriter(near)) {
      writer.store(BlobCodec.CHUNK, Fixture.filled(Ref.ID_BYTES, 3), Fixture.filled(CHUNK, 4));
      assertThatThrownBy(writer::finish)
          .isInstanceOfSatisfying(
              SendenseException.class, e -> assertThat(Damage.isContent(e)).isTrue());
    }
    assertThat(fixture.memory.list("indexes")).hasSize(indexes);
  }

  @Test
  void aFormatOrKeyThatIsLostAndPutBackOpensTheRepositoryAgain() {
    for (ObjectName name :
        List.of(FormatObject.NAME, fixture.memory.list("keys").getFirst().name())) {
      OrderRules store = without(name);
      assertThatThrownBy(() -> fixture.open(store)).isInstanceOf(SendenseException.class);
      store.beneath.put(name, fixture.memory.get(name, 1 << 20));
      assertWhole(store);
    }
  }

  @Test
  void oneDamagedKeyLeavesTheRepositoryToTheOther() {
    Repository near = fixture.open();
    RepositorySecret second = RepositorySecret.key(Fixture.filled(32, 77));
    ObjectName damaged = fixture.memory.list("keys").getFirst().name();
    near.keys().add(second);
    byte[] bytes = fixture.memory.get(damaged, 1 << 20);
    bytes[bytes.length - 40] ^= 1;
    OrderRules store = without(damaged);
    store.beneath.put(damaged, bytes);

    assertThatThrownBy(() -> fixture.open(store)).isInstanceOf(SendenseException.class);
    try (Repository opened = Repository.open(store, second, fixture.environment)) {
      assertThat(Fixture.readDisk(opened, first.id(), 0)).isEqualTo(one);
    }
  }

  @Test
  void twoWhoMakeTheIndexesAgainAtOnceNameEachPackTwiceAndHarmNothing() {
    for (var index : fixture.memory.list("indexes")) {
      fixture.memory.delete(index.name());
    }
    // What the second one lists is as it was before the first one published anything.
    AtomicInteger lists = new AtomicInteger();
    Repository slow =
        fixture.open(
            new FaultyObjectStore(
                fixture.store,
                (operation, what, done) -> {
                  boolean last =
                      operation == FaultyObjectStore.Operation.PUT && what.startsWith("indexes/");
                  if (last && !done && lists.getAndIncrement() == 0) {
                    assertThat(fixture.open().rebuildIndexes()).isPositive();
                  }
                }));
    assertThat(slow.rebuildIndexes()).isPositive();

    assertThat(lists.get()).isPositive();
    assertThat(fixture.memory.list("indexes").size()).isGreaterThan(1);
    assertWhole(fixture.store);
    assertThat(fixture.store.broken).isEmpty();
    assertThat(fixture.open().rebuildIndexes()).isZero();
  }

  private static boolean opens(SealedRepository repository, int kind, Ref ref) {
    BlobCodec codec = repository.blobs().codecs().borrow();
    try {
      repository.blobs().blob(codec, kind, ref, new byte[1 << 20], 0);
      return true;
    } catch (SendenseException e) {
      assertThat(Damage.isContent(e)).isTrue();
      return false;
    } finally {
      repository.blobs().codecs().giveBack(codec);
    }
  }

  private void readsRightOrNot(OrderRules store, String what) {
    Repository opened = fixture.open(store);
    for (Map.Entry<RestorePoint, byte[]> each : Map.of(first, one, second, two).entrySet()) {
      try {
        assertThat(Fixture.readDisk(opened, each.getKey().id(), 0))
            .as(what)
            .isEqualTo(each.getValue());
      } catch (SendenseException e) {
        assertThat(Damage.isContent(e) || e.code() == ErrorCode.NOT_FOUND).as(what).isTrue();
      }
    }
  }
}
