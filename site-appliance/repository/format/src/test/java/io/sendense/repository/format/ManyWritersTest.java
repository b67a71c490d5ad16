package io.sendense.repository.format;

import static io.sendense.repository.format.Fixture.CHUNK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ForwardingObjectStore;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** All writers of a repository share one bounded memory for packs, and none waits for ever. */
class ManyWritersTest {
  private static final int WRITERS = 60;
  private static final int CHUNKS = 12;
  private static final long MEMORY = PackBuilder.capacity(256 << 10, 4 << 20);

  private final Fixture fixture = new Fixture();
  private final Environment environment =
      new Environment(
          fixture.clock,
          fixture.environment.random(),
          fixture.environment.tuning().withPackMemory(MEMORY));

  @Test
  void moreWritersThanBuffersAllMakeTheirPoints() throws Exception {
    fixture.init();
    SealedRepository repository = open(fixture.store);
    // Each holds a pack with one chunk in it while the others come for theirs.
    assertThat(WRITERS * (long) PackBuilder.capacity(64 << 10, CHUNK)).isGreaterThan(MEMORY);
    CyclicBarrier together = new CyclicBarrier(WRITERS);
    List<byte[]> disks = new ArrayList<>();
    List<Future<RestorePoint>> points = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
      for (int i = 0; i < WRITERS; i++) {
        byte[] disk = Fixture.random(new SplittableRandom(i), CHUNKS * CHUNK);
        disks.add(disk);
        PointDraft draft = fixture.draft("vm" + i, Optional.empty(), disk.length);
        points.add(
            threads.submit(
                () -> {
                  try (PointWriter writer = repository.beginPoint(draft)) {
                    for (int chunk = 0; chunk < CHUNKS; chunk++) {
                      Fixture.writeChunk(writer, 0, disk, chunk);
                      assertThat(repository.works().memory().bytes()).isLessThanOrEqualTo(MEMORY);
                      if (chunk == 0 || chunk == CHUNKS / 2) {
                        together.await(5, TimeUnit.MINUTES);
                      }
                    }
                    return writer.seal(Map.of());
                  }
                }));
      }
      for (int i = 0; i < WRITERS; i++) {
        RestorePoint point = points.get(i).get();
        assertThat(Fixture.readDisk(repository, point.id(), 0)).isEqualTo(disks.get(i));
      }
    }
    assertThat(repository.works().memory().bytes()).isZero();
    assertThat(repository.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE).findings())
        .isEmpty();
  }

  @Test
  void aWriterThatFailsOrIsGivenUpGivesItsBuffersBack() {
    fixture.init();
    SealedRepository repository =
        open(
            putting(
                name -> {
                  throw StoreFailure.noSpace("memory", name, null);
                }));
    byte[] disk = Fixture.random(new SplittableRandom(1), 40 * CHUNK);
    for (boolean fails : new boolean[] {true, false}) {
      PointWriter writer = repository.beginPoint(fixture.draft(Optional.empty(), disk.length));
      Fixture.writeChunk(writer, 0, disk, 0);
      assertThat(repository.works().memory().bytes()).isPositive();
      if (fails) {
        assertThatThrownBy(() -> writeAll(writer, disk))
            .isInstanceOfSatisfying(
                SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE));
      }
      writer.abandon();
      assertThat(repository.works().memory().bytes()).isZero();
    }
  }

  @Test
  void whoWaitsForAPackIsToldThatTheWriterWasGivenUp() throws Exception {
    fixture.init();
    CountDownLatch storing = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    SealedRepository repository =
        open(
            putting(
                name -> {
                  storing.countDown();
                  await(released);
                }));
    byte[] disk = Fixture.random(new SplittableRandom(1), 200 * CHUNK);
    PointWriter writer = repository.beginPoint(fixture.draft(Optional.empty(), disk.length));
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<?> writing = threads.submit(() -> writeAll(writer, disk));
      storing.await();
      Future<?> givingUp = threads.submit(writer::abandon);
      assertThatThrownBy(() -> writing.get(1, TimeUnit.MINUTES))
          .cause()
          .isInstanceOfAny(SendenseException.class, IllegalStateException.class);
      released.countDown();
      givingUp.get(1, TimeUnit.MINUTES);
    }
    assertThat(repository.works().memory().bytes()).isZero();
    assertThat(fixture.memory.list(PointObject.FOLDER)).isEmpty();
  }

  @Test
  void anErrorWhileAPackIsStoredMakesNoPoint() {
    fixture.init();
    SealedRepository repository =
        open(
            putting(
                name -> {
                  throw new OutOfMemoryError("for the test");
                }));
    PointWriter writer = repository.beginPoint(fixture.draft(Optional.empty(), CHUNK));
    byte[] disk = Fixture.random(new SplittableRandom(1), CHUNK);
    Fixture.writeChunk(writer, 0, disk, 0);
    assertThatThrownBy(() -> writer.seal(Map.of())).isInstanceOf(OutOfMemoryError.class);
    assertThat(fixture.memory.list(PointObject.FOLDER)).isEmpty();
  }

  @Test
  void aClosedPackIsHandedOverOnceAndOnlyWhenAllInItIsSealed() {
    List<PackBuilder> handed = new ArrayList<>();
    Supplier<PackBuilder> fresh =
        () ->
            new PackBuilder(
                PackId.of(1, new java.util.UUID(1, 2), 0, 0),
                new byte[PackBuilder.capacity(1000, 500)],
                1000,
                handed::add);
    PackBuilder empty = fresh.get();
    empty.close();
    empty.close();
    assertThat(handed).containsExactly(empty);
    handed.clear();

    PackBuilder pack = fresh.get();
    assertThat(pack.reserve(BlobCodec.CHUNK, new byte[32], 500, 480)).isNotNull();
    assertThat(pack.reserve(BlobCodec.CHUNK, new byte[32], 500, 480)).isNotNull();
    assertThat(pack.isOpen()).as("it has reached its length").isFalse();
    assertThat(pack.reserve(BlobCodec.CHUNK, new byte[32], 500, 480)).isNull();
    pack.sealed(true);
    pack.close();
    assertThat(handed).isEmpty();
    pack.sealed(true);
    assertThat(handed).containsExactly(pack);
    assertThat(pack.isSpoiled()).isFalse();
    handed.clear();

    PackBuilder spoiled = fresh.get();
    assertThat(spoiled.reserve(BlobCodec.CHUNK, new byte[32], 500, 480)).isNotNull();
    spoiled.close();
    spoiled.sealed(false);
    assertThat(handed).containsExactly(spoiled);
    assertThat(spoiled.isSpoiled()).isTrue();
  }

  private interface Before {
    void put(ObjectName name);
  }

  /** The store, where something happens before a pack is put. */
  private ObjectStore putting(Before before) {
    return new ForwardingObjectStore(fixture.store) {
      @Override
      public StoredObject put(
          ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
        if (name.value().startsWith(PackId.FOLDER)) {
          before.put(name);
        }
        return super.put(name, content, offset, length, lock);
      }
    };
  }

  private SealedRepository open(ObjectStore store) {
    return (SealedRepository) Repository.open(store, Fixture.SECRET, environment);
  }

  private static void writeAll(PointWriter writer, byte[] disk) {
    for (int chunk = 0; chunk < disk.length / CHUNK; chunk++) {
      Fixture.writeChunk(writer, 0, disk, chunk);
    }
    writer.seal(Map.of());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
