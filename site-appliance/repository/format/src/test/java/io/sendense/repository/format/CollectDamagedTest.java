package io.sendense.repository.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.repository.spi.ObjectName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A collector takes nothing that is left only in a damaged pack, and nothing that healed it. */
class CollectDamagedTest extends TwoCopies {
  @TempDir Path scratch;

  /** One pack a run: time moves on, and an index copied later would be a late one. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, -1, -2})
  void whatHealingStoredOutlivesEveryCollection(int which) {
    ObjectName pack = pack(which);
    OrderRules store = damaged(pack);
    Repository repository = recorded(store);
    repository.heal(Optional.of(far), VerifyReport.Progress.NONE);

    collectThrice(store);

    assertWhole(store);
    assertThat(store.broken).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, -1, -2})
  void aDamagedPackGoesOnceAllThatPointsNeedOfItIsCoveredElsewhere(int which) {
    ObjectName pack = pack(which);
    OrderRules store = damaged(pack);
    Repository repository = recorded(store);
    repository.heal(Optional.of(far), VerifyReport.Progress.NONE);
    fixture.clock.advance(Duration.ofDays(10));

    CollectReport report =
        fixture.open(store).collect(CollectOptions.defaults().withScratch(scratch));

    assertThat(report.packsCondemned().count()).isPositive();
    assertThat(store.stat(pack)).as("a slow writer may rely on it").isPresent();
    collectThrice(store);
    assertThat(store.stat(pack)).isEmpty();
    assertWhole(store);
    assertThat(store.broken).isEmpty();
  }

  @Test
  void whatIsStillReadableInADamagedPackIsThereForAHealerThatComesLate() {
    OrderRules store = damaged(chunkPack());
    recorded(store);

    collectThrice(store);

    assertThat(store.stat(chunkPack())).isPresent();
    HealReport healed = fixture.open(store).heal(Optional.of(far), VerifyReport.Progress.NONE);
    assertThat(healed.lost()).isEmpty();
    assertThat(healed.fromCopy()).as("only the damaged blob itself").isEqualTo(1);
    assertWhole(store);
  }

  private ObjectName pack(int which) {
    return packs().get(Math.floorMod(which, packs().size()));
  }

  private void collectThrice(OrderRules store) {
    for (int i = 0; i < 3; i++) {
      fixture.clock.advance(Duration.ofDays(10));
      fixture.open(store).collect(CollectOptions.defaults().withScratch(scratch));
    }
  }

  private Repository recorded(OrderRules store) {
    Repository repository = fixture.open(store);
    repository.recordDamage(verify(repository));
    return repository;
  }

  private OrderRules damaged(ObjectName pack) {
    byte[] bytes = fixture.memory.get(pack, 64 << 20);
    bytes[bytes.length / 2] ^= 1;
    OrderRules store = without(pack);
    store.beneath.put(pack, bytes);
    return store;
  }
}
