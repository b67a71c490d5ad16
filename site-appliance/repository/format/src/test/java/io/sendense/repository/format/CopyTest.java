package io.sendense.repository.format;

import static io.sendense.repository.format.Fixture.CHUNK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.testkit.FaultyObjectStore;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A point in another repository of the tenant is the same point, and only what lacked was moved.
 */
class CopyTest {
  private static final RepositorySecret OTHER_SECRET = RepositorySecret.key(Fixture.filled(32, 9));
  private static final int CHUNKS = 200;

  private final Fixture fixture = new Fixture();
  private final SplittableRandom random = new SplittableRandom(31);
  private final MemoryObjectStore far = new MemoryObjectStore(fixture.clock);
  private final OrderRules farStore = new OrderRules(far);
  private final byte[] disk = Fixture.random(random, CHUNKS * CHUNK + 99);
  private Repository near;
  private Repository there;
  private RestorePoint first;

  @BeforeEach
  void twoRepositoriesOfOneTenant() {
    near = fixture.init();
    there =
        Repository.init(
            farStore,
            OTHER_SECRET,
            RepositorySettings.defaults().withIdentity(near.identity()),
            fixture.environment);
    first = fixture.backUp(near, Optional.empty(), disk);
  }

  @Test
  void aCopyKeepsEverythingButItsCosts() {
    RestorePoint copied = copy(first.id()).point();

    assertThat(copied.id()).isEqualTo(first.id());
    assertThat(copied.disks()).isEqualTo(first.disks());
    assertThat(copied)
        .usingRecursiveComparison()
        .ignoringFields("statistics", "annotations")
        .isEqualTo(first);
    assertThat(copied.annotations())
        .containsAllEntriesOf(first.annotations())
        .containsKey(PointCopy.ORIGIN);
    Repository opened = Repository.open(far, OTHER_SECRET, fixture.environment);
    assertThat(Fixture.readDisk(opened, first.id(), 0)).isEqualTo(disk);
    assertWhole();
  }

  @Test
  void onlyMissingChunksAreMovedAndEachOnce() {
    copy(first.id());
    byte[] changed = disk.clone();
    for (int chunk : new int[] {3, 77, 150}) {
      System.arraycopy(Fixture.random(random, CHUNK), 0, changed, chunk * CHUNK, CHUNK);
    }
    // Content that the target holds elsewhere is named, not moved.
    System.arraycopy(disk, 10 * CHUNK, changed, 20 * CHUNK, CHUNK);
    RestorePoint second = fixture.backUp(near, Optional.of(first.id()), changed);
    AtomicLong read = new AtomicLong();
    Repository counted = fixture.open(counting(fixture.memory, read));

    PointCopy.Result result = run(there.copyFrom(counted, second.id()), bytes -> {});

    assertThat(result.chunksMissing()).isEqualTo(3);
    assertThat(result.bytesMissing()).isEqualTo(missingAt(second));
    assertThat(read.get())
        .as("bytes read: the missing chunks, four nodes and the two points")
        .isLessThan(result.bytesMissing() + 100_000);
    assertThat(Fixture.readDisk(there, second.id(), 0)).isEqualTo(changed);
    assertThat(result.point().parent()).contains(first.id());
    assertWhole();
  }

  @Test
  void aPointThatIsThereIsNotMovedAgain() {
    copy(first.id());
    Map<String, byte[]> before = Fixture.objects(far);

    assertThat(copy(first.id()).alreadyThere()).isTrue();

    assertThat(Fixture.objects(far).keySet()).isEqualTo(before.keySet());
  }

  @Test
  void pointsMayBeCopiedInAnyOrderAndBack() {
    byte[] shorter = java.util.Arrays.copyOf(disk, 131 * CHUNK + 5);
    byte[] longer = java.util.Arrays.copyOf(disk, 300 * CHUNK);
    System.arraycopy(Fixture.random(random, CHUNK), 0, longer, 299 * CHUNK, CHUNK);
    RestorePoint second = fixture.backUp(near, Optional.of(first.id()), shorter);
    RestorePoint third = fixture.backUp(near, Optional.of(second.id()), longer, disk);
    for (RestorePoint point : List.of(third, first, second)) {
      copy(point.id());
    }
    assertThat(Fixture.readDisk(there, first.id(), 0)).isEqualTo(disk);
    assertThat(Fixture.readDisk(there, second.id(), 0)).isEqualTo(shorter);
    assertThat(Fixture.readDisk(there, third.id(), 0)).isEqualTo(longer);
    assertThat(Fixture.readDisk(there, third.id(), 1)).isEqualTo(disk);
    assertThat(there.points()).extracting(RestorePoint::sequence).containsExactly(1L, 2L, 3L);
    assertWhole();

    fixture.memory.delete(PointObject.name(third.id()));
    run(near.copyFrom(there, third.id()), bytes -> {});
    assertThat(Fixture.readDisk(fixture.open(), third.id(), 0)).isEqualTo(longer);
  }

  @Test
  void anotherTenantIsRefusedAndNothingIsWritten() {
    MemoryObjectStore store = new MemoryObjectStore(fixture.clock);
    Repository stranger =
        Repository.init(store, Fixture.SECRET, Fixture.settings(), fixture.environment);
    Set<String> before = Fixture.objects(store).keySet();
    assertThatThrownBy(() -> stranger.copyFrom(near, first.id()))
        .isInstanceOfSatisfying(
            SendenseException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN);
              assertThat(e).hasMessageContaining("another tenant");
              assertThat(e.remedy()).contains("--tenant-of");
            });
    assertThat(Fixture.objects(store).keySet()).isEqualTo(before);
    assertThatThrownBy(() -> near.copyFrom(fixture.open(), first.id()))
        .hasMessageContaining("the same repository");
  }

  @Test
  void aDamagedSourceMakesNoPoint() {
    fixture.memory.list("packs").stream()
        .skip(3)
        .limit(1)
        .forEach(pack -> fixture.memory.delete(pack.name()));
    assertThatThrownBy(() -> copy(first.id()))
        .isInstanceOfSatisfying(
            SendenseException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_OBJECT_MISSING));
    assertThat(there.points()).isEmpty();
  }

  @Test
  void aTargetThatLosesWhatItTookIsCaughtBeforeThePoint() {
    ObjectStore lying =
        new FaultyObjectStore(
            far,
            (operation, what, done) -> {
              if (operation == FaultyObjectStore.Operation.PUT
                  && done
                  && what.startsWith("packs")) {
                far.delete(new ObjectName(what));
              }
            });
    Repository opened = Repository.open(lying, OTHER_SECRET, fixture.environment);
    assertThatThrownBy(() -> run(opened.copyFrom(near, first.id()), bytes -> {}))
        .isInstanceOf(SendenseException.class);
    assertThat(there.points()).isEmpty();
  }

  @Test
  void thePaceIsAskedBeforeEveryChunkAndMayEndTheCopy() {
    AtomicLong asked = new AtomicLong();
    AtomicBoolean ended = new AtomicBoolean();
    assertThatThrownBy(
            () ->
                run(
                    there.copyFrom(near, first.id()),
                    bytes -> {
                      if (asked.addAndGet(bytes) > 40L * CHUNK) {
                        ended.set(true);
                        throw new SendenseException(ErrorCode.CANCELLED, "enough", "");
                      }
                    }))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    assertThat(ended).isTrue();
    assertThat(there.points()).isEmpty();
    AtomicLong rest = new AtomicLong();
    PointCopy.Result result = run(there.copyFrom(near, first.id()), rest::addAndGet);
    assertThat(rest.get()).isEqualTo(result.bytesMissing()).isLessThan(CHUNKS * (long) CHUNK);
  }

  private PointCopy.Result copy(PointId id) {
    return run(there.copyFrom(near, id), bytes -> {});
  }

  private static PointCopy.Result run(PointCopy copy, PointCopy.Pace pace) {
    return copy.run(
        copy.original().annotations(),
        3,
        copy.bytesToCompare(),
        pace,
        (done, total) -> assertThat(done).isLessThanOrEqualTo(total));
  }

  /** Counted without the product's walk: ids of all chunks of the point less all at the target. */
  private long missingAt(RestorePoint point) {
    SealedRepository source = (SealedRepository) near;
    Set<Ref> chunks = new HashSet<>();
    PointObject object = source.load(point.id());
    for (PointDisk each : point.disks()) {
      TreeReader tree = source.tree(Optional.of(object), each);
      for (long i = 0; i < each.chunks(); i++) {
        Ref chunk = tree.chunk(i);
        if (chunk != null) {
          chunks.add(chunk);
        }
      }
    }
    chunks.removeAll(chunksOf((SealedRepository) there, first));
    return chunks.stream().mapToLong(chunk -> chunk.at().sealedBytes()).sum();
  }

  private static Set<Ref> chunksOf(SealedRepository repository, RestorePoint point) {
    Set<Ref> chunks = new HashSet<>();
    PointObject object = repository.load(point.id());
    TreeReader tree = repository.tree(Optional.of(object), point.disks().getFirst());
    for (long i = 0; i < point.disks().getFirst().chunks(); i++) {
      Ref chunk = tree.chunk(i);
      if (chunk != null) {
        chunks.add(chunk);
      }
    }
    return chunks;
  }

  private static ObjectStore counting(ObjectStore inner, AtomicLong read) {
    return new io.sendense.repository.spi.ForwardingObjectStore(inner) {
      @Override
      public void read(ObjectName name, long position, byte[] target, int offset, int length) {
        read.addAndGet(length);
        super.read(name, position, target, offset, length);
      }
    };
  }

  private void assertWhole() {
    Repository opened = Repository.open(far, OTHER_SECRET, fixture.environment);
    assertThat(opened.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE).findings())
        .isEmpty();
    assertThat(OperatorCheck.run(far, VerifyReport.Progress.NONE).findings()).isEmpty();
  }
}
