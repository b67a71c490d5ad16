package io.sendense.repository.format;

import static io.sendense.repository.format.Fixture.CHUNK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.BlockRange;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is recorded as damaged is stored again from the source, and relied on by nobody. */
class RecaptureTest extends TwoCopies {
  @Test
  void withoutACopyTheNextBackupStoresAgainWhatItFindsAtTheSource() {
    for (ObjectName pack : packs()) {
      OrderRules store = without(pack);
      Repository damaged = fixture.open(store);
      damaged.recordDamage(verify(damaged));
      HealReport unhealed = damaged.heal(Optional.empty(), VerifyReport.Progress.NONE);
      assertThat(unhealed.lost()).as(pack.value()).isNotEmpty();

      Repository opened = fixture.open(store);
      byte[] three = two.clone();
      RestorePoint third;
      try (PointWriter writer =
          opened.beginPoint(fixture.draft(Optional.of(second.id()), three.length))) {
        for (BlockRange range : writer.lost(0)) {
          for (long at = range.offset(); at < range.end(); at += CHUNK) {
            assertThat(Fixture.writeChunk(writer, 0, three, at / CHUNK))
                .isNotEqualTo(WriteOutcome.UNCHANGED);
          }
        }
        assertThat(writer.lost(0)).isEmpty();
        third = writer.seal(Map.of());
      }

      assertThat(Fixture.readDisk(fixture.open(store), third.id(), 0))
          .as(pack.value())
          .isEqualTo(three);
      assertThat(third.disks().getFirst().root()).isEqualTo(second.disks().getFirst().root());
      assertThat(verify(fixture.open(store)).findings())
          .noneMatch(finding -> finding.point().equals(Optional.of(third.id())));
      assertThat(store.broken).isEmpty();
    }
  }

  @Test
  void whatIsLostAndIsZerosByNowReadsAsZeros() {
    for (ObjectName pack : packs()) {
      OrderRules store = without(pack);
      Repository damaged = fixture.open(store);
      damaged.recordDamage(verify(damaged));
      RestorePoint zeroed;
      byte[] three = two.clone();
      try (PointWriter writer =
          damaged.beginPoint(fixture.draft(Optional.of(second.id()), two.length))) {
        for (BlockRange range : writer.lost(0)) {
          writer.zeros(0, range.offset() / CHUNK, range.length() / CHUNK);
          java.util.Arrays.fill(three, (int) range.offset(), (int) range.end(), (byte) 0);
        }
        zeroed = writer.seal(Map.of());
      }
      assertThat(Fixture.readDisk(fixture.open(store), zeroed.id(), 0))
          .as(pack.value())
          .isEqualTo(three);
      // The same point, made elsewhere, is copied onto the damaged one.
      RestorePoint elsewhere;
      try (PointWriter writer =
          far.beginPoint(fixture.draft(Optional.of(second.id()), two.length))) {
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
          Fixture.writeChunk(writer, 0, three, chunk);
        }
        elsewhere = writer.seal(Map.of());
      }
      store.delete(PointObject.name(zeroed.id()));
      PointCopy copy = fixture.open(store).copyFrom(far, elsewhere.id());
      copy.run(Map.of(), 2, copy.bytesToCompare(), b -> {}, (d, t) -> {});
      assertThat(Fixture.readDisk(fixture.open(store), elsewhere.id(), 0)).isEqualTo(three);
    }
  }

  @Test
  void aPointIsNeverSealedOverWhatIsLost() {
    OrderRules store = without(chunkPack());
    Repository damaged = fixture.open(store);
    damaged.recordDamage(verify(damaged));
    try (PointWriter writer =
        damaged.beginPoint(fixture.draft(Optional.of(second.id()), two.length))) {
      assertThat(writer.lost(0)).isNotEmpty();
      assertThatThrownBy(() -> writer.seal(Map.of()))
          .isInstanceOf(SendenseException.class)
          .hasMessageContaining("are lost in the point before");
    }
    assertThat(damaged.points()).hasSize(2);
  }

  @Test
  void aChunkInARecordedPackIsNoDuplicateToAnyWriter() {
    OrderRules store = without(chunkPack());
    Repository damaged = fixture.open(store);
    damaged.recordDamage(verify(damaged));

    RestorePoint fresh = fixture.backUp(fixture.open(store), Optional.empty(), one);

    assertThat(fresh.statistics().chunksStored()).isPositive();
    assertThat(Fixture.readDisk(fixture.open(store), fresh.id(), 0)).isEqualTo(one);
    assertThat(Fixture.readDisk(fixture.open(store), first.id(), 0))
        .as("the old point reads what the new one stored")
        .isEqualTo(one);
  }
}
