package io.sendense.repository.format;

import static io.sendense.repository.format.Fixture.CHUNK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.repository.spi.ObjectName;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The order of writing and reading is kept, and the rules that watch it can fail. */
class OrderTest {
  private final Fixture fixture = new Fixture();
  private Repository repository;

  @BeforeEach
  void aPoint() {
    repository = fixture.init();
    byte[] disk = Fixture.random(new SplittableRandom(1), 20 * CHUNK);
    fixture.backUp(repository, Optional.empty(), disk);
    fixture.store.listed.clear();
  }

  @Test
  void everythingThatReadsBothListsPointsBeforeIndexesBeforePacks() {
    for (Runnable reading :
        List.<Runnable>of(
            () -> repository.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE),
            () -> repository.verify(VerifyOptions.structure(), VerifyReport.Progress.NONE),
            () -> OperatorCheck.run(fixture.store, VerifyReport.Progress.NONE))) {
      fixture.store.listed.clear();
      reading.run();
      assertThat(fixture.store.listed).containsSubsequence("points", "indexes", "packs");
      assertThat(fixture.store.listed.lastIndexOf("points"))
          .isLessThan(fixture.store.listed.indexOf("indexes"));
    }
    assertThat(fixture.store.broken).isEmpty();
  }

  @Test
  void theRulesRefuseAnIndexBeforeItsPackAndAPointBeforeItsIndex() {
    byte[] index = only("indexes");
    byte[] point = only("points");
    byte[] pack = only("packs");
    ObjectName packName = fixture.memory.list("packs").getFirst().name();
    ObjectName indexName = fixture.memory.list("indexes").getFirst().name();
    ObjectName pointName = fixture.memory.list("points").getFirst().name();
    assertThatThrownBy(() -> fixture.store.delete(packName)).hasMessageContaining("replaced");
    List.of(pointName, indexName).forEach(fixture.memory::delete);
    assertThatThrownBy(() -> fixture.store.put(pointName, point))
        .hasMessageContaining(indexName + " is there before " + pointName);
    fixture.memory.delete(packName);
    assertThatThrownBy(() -> fixture.store.put(indexName, index))
        .hasMessageContaining(" is there before " + indexName);
    assertThatThrownBy(() -> fixture.store.put(packName, pack))
        .hasMessageContaining("the intent is there before");
    fixture.memory.put(
        IntentObject.name(PackId.of(packName).orElseThrow().writer()), new byte[] {1});
    fixture.store.put(packName, pack);
    assertThatThrownBy(() -> fixture.store.put(indexName, index)).hasMessageContaining("read back");
    assertThatThrownBy(() -> fixture.store.put(IndexObject.name(new UUID(1, 2)), new byte[] {0, 1}))
        .isInstanceOf(RuntimeException.class);
    assertThat(fixture.store.broken).hasSize(5);
  }

  private byte[] only(String folder) {
    return fixture.memory.get(fixture.memory.list(folder).getFirst().name(), 64 << 20);
  }
}
