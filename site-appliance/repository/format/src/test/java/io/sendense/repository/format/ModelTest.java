package io.sendense.repository.format;

import static io.sendense.repository.format.Fixture.CHUNK;
import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.domain.BlockRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random points with writes, holes, moves and resizes, against arrays that do the same. */
class ModelTest {
  static LongStream seeds() {
    return LongStream.rangeClosed(1, Extent.of(8, 3));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aRepositoryAgreesWithTheModel(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Fixture fixture = new Fixture();
    Repository repository = fixture.init();
    Map<PointId, byte[]> model = new TreeMap<>();
    List<PointId> ids = new ArrayList<>();
    for (int step = 0; step < 12; step++) {
      Optional<PointId> parent =
          ids.isEmpty() || random.nextInt(6) == 0
              ? Optional.empty()
              : Optional.of(ids.get(random.nextInt(ids.size())));
      byte[] content = parent.map(model::get).orElse(new byte[0]);
      int size =
          switch (random.nextInt(4)) {
            case 0 -> 1 + random.nextInt(400 * CHUNK);
            case 1 -> Math.max(1, content.length - random.nextInt(3 * CHUNK));
            default -> content.length == 0 ? 140 * CHUNK + 5 : content.length;
          };
      byte[] next = Arrays.copyOf(content, size);
      PointId id = makePoint(fixture, repository, random, parent, next);
      model.put(id, next);
      ids.add(id);
      if (random.nextInt(3) == 0) {
        repository = fixture.open();
      }
      for (PointId each : ids) {
        assertThat(Fixture.readDisk(repository, each, 0))
            .as("seed %d step %d", seed, step)
            .isEqualTo(model.get(each));
      }
      assertDiff(repository, model, ids.get(random.nextInt(ids.size())), id);
    }
    assertThat(repository.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE).findings())
        .isEmpty();
    assertThat(OperatorCheck.run(fixture.memory, VerifyReport.Progress.NONE).findings()).isEmpty();
  }

  private static PointId makePoint(
      Fixture fixture,
      Repository repository,
      SplittableRandom random,
      Optional<PointId> parent,
      byte[] content) {
    try (PointWriter writer = repository.beginPoint(fixture.draft(parent, content.length))) {
      int chunks = Math.ceilDiv(content.length, CHUNK);
      int writes = random.nextBoolean() ? random.nextInt(12) : random.nextInt(2 * chunks);
      for (int i = 0; i < writes; i++) {
        int chunk = random.nextInt(chunks);
        int from = chunk * CHUNK;
        int to = Math.min(content.length, from + CHUNK);
        switch (random.nextInt(4)) {
          case 0 -> {
            Arrays.fill(content, from, to, (byte) 0);
            writer.zero(0, chunk);
          }
          case 1 -> {
            // A few contents only, so that they meet again elsewhere.
            Arrays.fill(content, from, to, (byte) random.nextInt(4));
            Fixture.writeChunk(writer, 0, content, chunk);
          }
          case 2 -> Fixture.writeChunk(writer, 0, content, chunk);
          default -> {
            byte[] fresh = Fixture.random(random, to - from);
            System.arraycopy(fresh, 0, content, from, to - from);
            Fixture.writeChunk(writer, 0, content, chunk);
          }
        }
      }
      return writer.seal(Map.of()).id();
    }
  }

  private static void assertDiff(
      Repository repository, Map<PointId, byte[]> model, PointId old, PointId now) {
    byte[] before = Objects.requireNonNull(model.get(old));
    byte[] after = Objects.requireNonNull(model.get(now));
    try (PointReader oldReader = repository.read(old);
        PointReader newReader = repository.read(now)) {
      boolean[] reported = new boolean[Math.ceilDiv(after.length, CHUNK)];
      for (BlockRange range : newReader.disk(0).diff(oldReader.disk(0))) {
        for (long at = range.offset(); at < range.end(); at += CHUNK) {
          reported[(int) (at / CHUNK)] = true;
        }
      }
      byte[] padded = Arrays.copyOf(before, Math.max(before.length, after.length) + CHUNK);
      byte[] paddedNow = Arrays.copyOf(after, padded.length);
      for (int chunk = 0; chunk < reported.length; chunk++) {
        boolean differs =
            !Arrays.equals(
                padded,
                chunk * CHUNK,
                chunk * CHUNK + CHUNK,
                paddedNow,
                chunk * CHUNK,
                chunk * CHUNK + CHUNK);
        assertThat(reported[chunk]).as("chunk %d", chunk).isEqualTo(differs);
      }
      boolean[] allocated = new boolean[reported.length];
      for (BlockRange range : newReader.disk(0).allocated(new BlockRange(0, after.length))) {
        for (long at = range.offset(); at < range.end(); at += CHUNK) {
          allocated[(int) (at / CHUNK)] = true;
        }
      }
      for (int chunk = 0; chunk < allocated.length; chunk++) {
        int to = Math.min(after.length, chunk * CHUNK + CHUNK);
        boolean zero = BlobCodec.isZero(after, chunk * CHUNK, to - chunk * CHUNK);
        assertThat(allocated[chunk]).isEqualTo(!zero);
      }
    }
  }
}
