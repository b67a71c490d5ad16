package io.sendense.repository.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.domain.SendenseException;
import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.testkit.FaultyObjectStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is damaged or missing comes back from a copy. */
class HealTest extends TwoCopies {
  @Test
  void anyMissingPackIsHealedFromTheCopy() {
    for (ObjectName pack : packs()) {
      OrderRules store = without(pack);
      Repository damaged = fixture.open(store);
      VerifyReport report = verify(damaged);
      assertThat(report.findings()).as(pack.value()).isNotEmpty();
      assertThat(damaged.recordDamage(report)).isEqualTo(1);
      assertThat(damaged.recordDamage(report)).isZero();

      HealReport healed = damaged.heal(Optional.of(far), VerifyReport.Progress.NONE);

      assertThat(healed.lost()).as(pack.value()).isEmpty();
      assertThat(healed.fromCopy()).isEqualTo(healed.chunks() + healed.nodes()).isPositive();
      assertWhole(store);
      assertThat(store.broken).isEmpty();
    }
  }

  @Test
  void ofADamagedPackOnlyWhatCannotBeReadComesFromTheCopy() {
    ObjectName pack = chunkPack();
    byte[] bytes = fixture.memory.get(pack, 64 << 20);
    bytes[bytes.length / 2] ^= 1;
    OrderRules store = without(pack);
    store.beneath.put(pack, bytes);
    Repository damaged = fixture.open(store);
    damaged.recordDamage(verify(damaged));

    HealReport healed = damaged.heal(Optional.of(far), VerifyReport.Progress.NONE);

    assertThat(healed.lost()).isEmpty();
    assertThat(healed.fromCopy()).isEqualTo(1);
    assertThat(healed.chunks()).isGreaterThan(1);
    assertWhole(store);
    assertThat(damaged.heal(Optional.of(far), VerifyReport.Progress.NONE).chunks())
        .as("a second time there is nothing to do")
        .isZero();
  }

  @Test
  void whatIsRecordedAsDamagedAndCanStillBeReadIsCopied() {
    for (ObjectName pack : packs()) {
      OrderRules store = without(pack);
      Repository recorded = fixture.open(store);
      recorded.recordDamage(verify(recorded));
      store.beneath.put(pack, fixture.memory.get(pack, 64 << 20));
      Repository third =
          Repository.init(
              new MemoryObjectStore(fixture.clock),
              RepositorySecret.key(Fixture.filled(32, 8)),
              RepositorySettings.defaults().withIdentity(recorded.identity()),
              fixture.environment);

      PointCopy copy = third.copyFrom(fixture.open(store), second.id());
      copy.run(Map.of(), 2, copy.bytesToCompare(), b -> {}, (d, t) -> {});

      assertThat(Fixture.readDisk(third, second.id(), 0)).as(pack.value()).isEqualTo(two);
    }
  }

  @Test
  void nothingSealedIsChangedByHealing() {
    ObjectName pack = chunkPack();
    OrderRules store = without(pack);
    Map<String, byte[]> before = Fixture.objects(store);
    Repository damaged = fixture.open(store);
    damaged.recordDamage(verify(damaged));
    damaged.heal(Optional.of(far), VerifyReport.Progress.NONE);
    Map<String, byte[]> after = Fixture.objects(store);
    before.forEach((name, content) -> assertThat(after.get(name)).as(name).isEqualTo(content));
  }

  @Test
  void aDamagedPointIsBroughtFromTheCopyUnderItsOwnName() {
    ObjectName name = PointObject.name(second.id());
    byte[] bytes = fixture.memory.get(name, 64 << 20);
    bytes[100] ^= 1;
    fixture.memory.delete(name);
    fixture.memory.put(name, bytes);
    assertThat(fixture.open().catalogue().damaged()).hasSize(1);

    HealReport healed = fixture.open().heal(Optional.of(far), VerifyReport.Progress.NONE);

    assertThat(healed.points()).containsExactly(second.id());
    assertThat(fixture.open().points()).hasSize(2);
    assertWhole(fixture.store);
  }

  @Test
  @Tag("exhaustive")
  void aHealerThatDiesAtAnyOperationHarmsNothingAndTheNextOneGoesOn() {
    ObjectName pack = chunkPack();
    boolean survived = false;
    for (int k = 1; !survived; k += 9) {
      OrderRules store = without(pack);
      Repository damaged = fixture.open(store);
      damaged.recordDamage(verify(damaged));
      AtomicInteger left = new AtomicInteger(k);
      ObjectStore dying =
          new FaultyObjectStore(
              store,
              (operation, what, done) -> {
                if (left.decrementAndGet() <= 0) {
                  throw StoreFailure.unavailable("a dead process", what, null);
                }
              });
      try {
        Repository.open(dying, Fixture.SECRET, fixture.environment)
            .heal(Optional.of(far), VerifyReport.Progress.NONE);
      } catch (SendenseException e) {
        assertThat(e).hasMessageContaining("a dead process");
      }
      survived = left.get() > 0;
      assertThat(fixture.open(store).heal(Optional.of(far), VerifyReport.Progress.NONE).lost())
          .isEmpty();
      assertWhole(store);
      assertThat(k).isLessThan(5000);
    }
  }

  @Test
  void aPartOfTheDataIsReadPerRunAndAllPartsTogetherReadAll() {
    long all = verify(fixture.open()).bytesRead();
    long parts = 0;
    int found = 0;
    ObjectName pack = packs().getFirst();
    byte[] bytes = fixture.memory.get(pack, 64 << 20);
    bytes[bytes.length / 3] ^= 1;
    OrderRules store = without(pack);
    store.beneath.put(pack, bytes);
    for (int i = 1; i <= 7; i++) {
      VerifyReport report =
          fixture
              .open(store)
              .verify(VerifyOptions.part(new VerifyPart(i, 7)), VerifyReport.Progress.NONE);
      parts += report.bytesRead();
      found += report.whole() ? 0 : 1;
    }
    assertThat(found).as("runs that came upon the damaged pack").isEqualTo(1);
    assertThat(parts).isBetween(all, all + (1 << 20));
    OrderRules missing = without(pack);
    for (int i = 1; i <= 7; i++) {
      assertThat(
              fixture
                  .open(missing)
                  .verify(VerifyOptions.part(new VerifyPart(i, 7)), VerifyReport.Progress.NONE)
                  .findings())
          .as("what is missing is found by every part")
          .isNotEmpty();
    }
  }
}
