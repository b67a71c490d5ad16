package io.sendense.repository.format;

import static io.sendense.repository.format.Fixture.CHUNK;
import static io.sendense.repository.format.Fixture.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.memory.MemoryObjectStore;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RepositoryTest {
  private final Fixture fixture = new Fixture();
  private final SplittableRandom random = new SplittableRandom(2026);

  @Test
  void whatWasBackedUpReadsBackByteForByte() {
    Repository repository = fixture.init();
    byte[] one = random(random, 40 * CHUNK + 512);
    byte[] two = random(random, 3 * CHUNK);

    RestorePoint point = fixture.backUp(repository, Optional.empty(), one, two);

    assertThat(Fixture.readDisk(fixture.open(), point.id(), 0)).isEqualTo(one);
    assertThat(Fixture.readDisk(fixture.open(), point.id(), 1)).isEqualTo(two);
    assertThat(repository.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE).findings())
        .isEmpty();
    assertThat(fixture.open().points()).containsExactly(point);
    assertThat(fixture.memory.list("intents")).isEmpty();
  }

  @Test
  void anIncrementalKeepsWhatWasNotWrittenAndStoresOnlyWhatChanged() {
    Repository repository = fixture.init();
    byte[] disk = random(random, 300 * CHUNK);
    RestorePoint first = fixture.backUp(repository, Optional.empty(), disk);
    byte[] changed = disk.clone();
    System.arraycopy(random(random, CHUNK), 0, changed, 200 * CHUNK, CHUNK);

    RestorePoint second;
    try (PointWriter writer =
        repository.beginPoint(fixture.draft(Optional.of(first.id()), disk.length))) {
      assertThat(Fixture.writeChunk(writer, 0, changed, 200)).isEqualTo(WriteOutcome.STORED);
      assertThat(Fixture.writeChunk(writer, 0, changed, 201)).isEqualTo(WriteOutcome.UNCHANGED);
      second = writer.seal(Map.of());
    }

    assertThat(Fixture.readDisk(repository, first.id(), 0)).isEqualTo(disk);
    assertThat(Fixture.readDisk(repository, second.id(), 0)).isEqualTo(changed);
    assertThat(second.sequence()).isEqualTo(2);
    assertThat(second.statistics().bytesStored()).isLessThan(2 * CHUNK);
    try (PointReader old = repository.read(first.id());
        PointReader now = repository.read(second.id())) {
      assertThat(now.disk(0).diff(old.disk(0)))
          .containsExactly(new BlockRange(200L * CHUNK, CHUNK));
    }
    assertThat(repository.latest("web")).contains(second);
  }

  @Test
  void equalDisksHaveEqualRootsInEveryRepositoryOfTheTenant() {
    Repository here = fixture.init();
    MemoryObjectStore other = new MemoryObjectStore(fixture.clock);
    Repository there =
        Repository.init(
            other,
            RepositorySecret.key(Fixture.filled(32, 9)),
            Fixture.settings().withIdentity(here.identity()),
            fixture.environment);
    Repository stranger =
        Repository.init(
            new MemoryObjectStore(fixture.clock),
            Fixture.SECRET,
            Fixture.settings(),
            fixture.environment);
    byte[] disk = random(random, 5 * CHUNK);

    RootHash root = fixture.backUp(here, Optional.empty(), disk).disks().getFirst().root();

    assertThat(fixture.backUp(there, Optional.empty(), disk).disks().getFirst().root())
        .isEqualTo(root);
    assertThat(fixture.backUp(stranger, Optional.empty(), disk).disks().getFirst().root())
        .isNotEqualTo(root);
  }

  @Test
  void zerosAreNeverStoredAndAHugeSparseDiskCostsNothing() {
    Repository repository = fixture.init();
    long size = 64L << 40;
    RestorePoint point;
    try (PointWriter writer = repository.beginPoint(fixture.draft(Optional.empty(), size))) {
      assertThat(writer.write(0, 12, new byte[CHUNK], CHUNK)).isEqualTo(WriteOutcome.ZERO);
      writer.write(0, (40L << 40) / CHUNK, Fixture.filled(CHUNK, 1), CHUNK);
      point = writer.seal(Map.of());
    }

    try (PointReader reader = repository.read(point.id())) {
      StoredDisk disk = reader.disk(0);
      assertThat(disk.allocated(new BlockRange(0, size)))
          .containsExactly(new BlockRange(40L << 40, CHUNK));
      ByteBuffer around = ByteBuffer.allocateDirect(3 * CHUNK);
      disk.read((40L << 40) - CHUNK, around);
      around.flip();
      for (int i = 0; i < 3 * CHUNK; i++) {
        assertThat(around.get(i)).isEqualTo((byte) (i / CHUNK == 1 ? 1 : 0));
      }
    }
    assertThat(point.statistics().bytesStored()).isLessThan(8192);
  }

  @Test
  void theSameContentIsStoredOnceAcrossDisksAndMachines() {
    Repository repository = fixture.init();
    byte[] disk = random(random, 20 * CHUNK);
    fixture.backUp(repository, Optional.empty(), disk);

    RestorePoint again = fixture.backUp(fixture.open(), Optional.empty(), disk, disk);

    assertThat(again.statistics().chunksStored()).isZero();
    assertThat(again.statistics().chunksDeduplicated()).isEqualTo(40);
    assertThat(Fixture.readDisk(repository, again.id(), 1)).isEqualTo(disk);
  }

  @Test
  void samplingComparesWithTheParent() {
    Repository repository = fixture.init();
    byte[] disk = random(random, 2 * CHUNK + 100);
    RestorePoint first = fixture.backUp(repository, Optional.empty(), disk);

    try (PointWriter writer =
        repository.beginPoint(fixture.draft(Optional.of(first.id()), disk.length))) {
      byte[] tail = java.util.Arrays.copyOfRange(disk, 2 * CHUNK, disk.length);
      assertThat(writer.matchesParent(0, 2, tail, 100)).isTrue();
      tail[99]++;
      assertThat(writer.matchesParent(0, 2, tail, 100)).isFalse();
      assertThat(writer.matchesParent(0, 0, new byte[CHUNK], CHUNK)).isFalse();
    }
  }

  @Test
  void aWrongKeyIsToldFromDamage() {
    fixture.init();

    assertThatThrownBy(
            () ->
                Repository.open(
                    fixture.memory,
                    RepositorySecret.key(Fixture.filled(32, 8)),
                    fixture.environment))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WRONG_KEY));
  }

  @Test
  void aPassphraseOpensWhatItMadeAndNothingElseDoes() {
    RepositorySecret right = RepositorySecret.passphrase("correct h\u00f6rse".toCharArray());
    Repository.init(fixture.memory, right, Fixture.settings(), fixture.environment);

    // The same letter as two code points, as some keyboards send it.
    RepositorySecret same = RepositorySecret.passphrase("correct ho\u0308rse".toCharArray());
    assertThat(Repository.open(fixture.memory, same, fixture.environment).points()).isEmpty();
    assertThatThrownBy(
            () ->
                Repository.open(
                    fixture.memory,
                    RepositorySecret.passphrase("correct horse".toCharArray()),
                    fixture.environment))
        .hasMessageContaining("does not open");
  }

  @Test
  void anEmptyStoreIsNoRepositoryAndAFullOneIsNotMadeAnew() {
    assertThatThrownBy(fixture::open)
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    fixture.init();
    assertThatThrownBy(fixture::init)
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS));
  }

  @Test
  void aDeadlineMissedByTheStoresClockMakesNoPoint() {
    Repository repository = fixture.init();
    PointWriter writer = repository.beginPoint(fixture.draft(Optional.empty(), CHUNK));
    writer.write(0, 0, Fixture.filled(CHUNK, 3), CHUNK);
    fixture.clock.advance(java.time.Duration.ofDays(3));

    assertThatThrownBy(() -> writer.seal(Map.of()))
        .isInstanceOfSatisfying(
            SendenseException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
    assertThat(repository.points()).isEmpty();
  }

  @Test
  void manyThreadsMayWriteOnePoint() throws Exception {
    Repository repository = fixture.init();
    byte[] disk = random(random, 200 * CHUNK);
    RestorePoint point;
    try (PointWriter writer = repository.beginPoint(fixture.draft(Optional.empty(), disk.length));
        var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      List<java.util.concurrent.Future<?>> running = new java.util.ArrayList<>();
      for (long chunk = 0; chunk < 200; chunk++) {
        long at = chunk;
        running.add(threads.submit(() -> Fixture.writeChunk(writer, 0, disk, at)));
      }
      for (var one : running) {
        one.get();
      }
      point = writer.seal(Map.of());
    }
    assertThat(Fixture.readDisk(repository, point.id(), 0)).isEqualTo(disk);
  }

  @Test
  void twoWritersAtOnceNeedNoLock() {
    Repository one = fixture.init();
    Repository two = fixture.open();
    byte[] disk = random(random, 10 * CHUNK);
    PointWriter first = one.beginPoint(fixture.draft("a", Optional.empty(), disk.length));
    PointWriter second = two.beginPoint(fixture.draft("b", Optional.empty(), disk.length));
    for (int chunk = 0; chunk < 10; chunk++) {
      Fixture.writeChunk(first, 0, disk, chunk);
      Fixture.writeChunk(second, 0, disk, chunk);
    }
    RestorePoint a = first.seal(Map.of());
    RestorePoint b = second.seal(Map.of());

    assertThat(Fixture.readDisk(fixture.open(), a.id(), 0)).isEqualTo(disk);
    assertThat(Fixture.readDisk(fixture.open(), b.id(), 0)).isEqualTo(disk);
    assertThat(one.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE).whole()).isTrue();
  }
}
