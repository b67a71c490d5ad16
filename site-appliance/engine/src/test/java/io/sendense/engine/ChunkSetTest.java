package io.sendense.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.domain.BlockRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ChunkSetTest {
  private static final int CHUNK = 1000;

  @Test
  void aRangeTakesEveryChunkItTouches() {
    ChunkSet set =
        ChunkSet.touchedBy(
            List.of(new BlockRange(999, 2), new BlockRange(5000, 1000)), 7500, CHUNK);
    assertThat(indices(set)).containsExactly(0, 1, 5);
  }

  @Test
  void aRangeBeyondTheEndIsCutAway() {
    ChunkSet set =
        ChunkSet.touchedBy(
            List.of(new BlockRange(7499, 5000), new BlockRange(9000, 1)), 7500, 1000);
    assertThat(indices(set)).containsExactly(7);
    assertThat(set.bytes()).isEqualTo(500);
    assertThat(set.range(7)).isEqualTo(new BlockRange(7000, 500));
  }

  @Test
  void aSetAndItsComplementAreTheDisk() {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    for (int i = 0; i < 200; i++) {
      long size = random.nextLong(1, 50_000);
      List<BlockRange> ranges = new ArrayList<>();
      for (long at = random.nextLong(5000); at < size + 5000; at += random.nextLong(1, 9000)) {
        ranges.add(new BlockRange(at, 1));
      }
      ChunkSet set = ChunkSet.touchedBy(ranges, size, CHUNK);
      ChunkSet rest = set.complement();
      assertThat(set.bytes() + rest.bytes()).isEqualTo(size);
      assertThat(indices(set)).noneMatch(indices(rest)::contains);
    }
  }

  @Test
  void aSampleIsDrawnFromTheSetAndNowhereElse() {
    ChunkSet set = ChunkSet.touchedBy(List.of(new BlockRange(0, 50_000)), 100_000, CHUNK);
    ChunkSet sample = set.complement().sample(10, new Random(1));
    assertThat(sample.size()).isEqualTo(10);
    assertThat(indices(sample)).allMatch(chunk -> chunk >= 50);
    assertThat(set.sample(1000, new Random(1)).size()).isEqualTo(50);
  }

  @Test
  void theQueueHandsOutEachChunkOnceWithTheDataInIt() {
    ChunkSet set = ChunkSet.all(10_500, CHUNK);
    List<BlockRange> data = List.of(new BlockRange(1500, 1000), new BlockRange(9000, 1500));
    ChunkQueue queue =
        new ChunkQueue(
            set, within -> data.stream().filter(range -> range.overlaps(within)).toList());
    List<ChunkQueue.Chunk> chunks = new ArrayList<>();
    for (Optional<ChunkQueue.Chunk> next = queue.take(); next.isPresent(); next = queue.take()) {
      chunks.add(next.get());
    }
    assertThat(chunks).hasSize(11);
    assertThat(chunks.get(0).data()).isEmpty();
    assertThat(chunks.get(1).data()).containsExactly(new BlockRange(1500, 500));
    assertThat(chunks.get(2).data()).containsExactly(new BlockRange(2000, 500));
    assertThat(chunks.get(10).data()).containsExactly(new BlockRange(10_000, 500));
  }

  @Test
  void aWindowNeverAsksAboutChunksThatAreNotInTheSet() {
    ChunkSet set =
        ChunkSet.touchedBy(List.of(new BlockRange(0, 2000), new BlockRange(8000, 1)), 10_000, 1000);
    List<BlockRange> asked = new ArrayList<>();
    ChunkQueue queue =
        new ChunkQueue(
            set,
            within -> {
              asked.add(within);
              return List.of(within);
            });
    int taken = 0;
    while (queue.take().isPresent()) {
      taken++;
    }
    assertThat(taken).isEqualTo(3);
    assertThat(asked).containsExactly(new BlockRange(0, 2000), new BlockRange(8000, 1000));
  }

  private static List<Integer> indices(ChunkSet set) {
    List<Integer> found = new ArrayList<>();
    for (int chunk = set.next(0); chunk >= 0; chunk = set.next(chunk + 1)) {
      found.add(chunk);
    }
    return found;
  }
}
