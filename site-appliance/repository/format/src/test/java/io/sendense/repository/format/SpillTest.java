package io.sendense.repository.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What exceeds memory lies in files, comes back whole, and is gone afterwards. */
class SpillTest {
  @TempDir Path folder;

  @Test
  void aMillionRecordsComeBackFromMemoryAndFiles() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    Map<Integer, Long> sums = new HashMap<>();
    int records = 1_000_000;
    try (Spill spill = new Spill(folder, "test", Spill.ID_BYTES + 8)) {
      for (int i = 0; i < records; i++) {
        byte[] id = Fixture.random(random, Ref.ID_BYTES);
        long value = random.nextLong();
        spill.next(id).putLong(value);
        sums.merge(id[0] & 0xff, value, Long::sum);
      }
      assertThat(files()).as("parts in files").isEqualTo(Spill.PARTS);
      long[] found = new long[1];
      for (int part = 0; part < Spill.PARTS; part++) {
        int expected = part;
        long[] sum = new long[1];
        long before = found[0];
        spill.forEach(
            part,
            record -> {
              assertThat(record.get() & 0xff).isEqualTo(expected);
              record.position(record.position() + Spill.ID_BYTES - 1);
              sum[0] += record.getLong();
              found[0]++;
            });
        assertThat(sum[0]).isEqualTo(sums.get(part));
        assertThat(found[0] - before).isEqualTo(spill.count(part));
      }
      assertThat(found[0]).isEqualTo(records);
    }
    assertThat(files()).isZero();
  }

  private long files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.count();
    }
  }
}
