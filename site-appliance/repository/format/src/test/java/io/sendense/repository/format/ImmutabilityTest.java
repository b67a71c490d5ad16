package io.sendense.repository.format;

import static io.sendense.repository.format.Fixture.CHUNK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.repository.spi.ForwardingObjectStore;
import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreCapabilities;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import io.sendense.repository.testkit.FaultyObjectStore;
import io.sendense.repository.testkit.FaultyObjectStore.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A point within its lock can be restored whatever somebody with the store's credentials does. */
class ImmutabilityTest {
  private static final int CHUNKS = 24;
  private static final int DAYS = 30;

  @TempDir Path scratch;

  private final Fixture fixture = new Fixture();
  private final SplittableRandom random = new SplittableRandom(3);
  private final Map<PointId, byte[]> contents = new HashMap<>();
  private byte[] disk = Fixture.random(random, CHUNKS * CHUNK);
  private Optional<PointId> parent = Optional.empty();

  @Test
  void aStoreThatCannotLockIsRefusedBeforeAnythingIsWritten() {
    for (StoreCapabilities weak :
        List.of(
            StoreCapabilities.NONE,
            new StoreCapabilities(
                true,
                java.util.Set.of(LockMode.GOVERNANCE),
                true,
                true,
                MemoryObjectStore.EVERYTHING.tiers(),
                64L << 20))) {
      MemoryObjectStore store = new MemoryObjectStore(fixture.clock, weak);
      assertThatThrownBy(() -> init(store, LockMode.COMPLIANCE))
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNSUPPORTED));
      assertThat(store.list("")).isEmpty();
    }
  }

  @Test
  void aLockingRepositoryOnAStoreThatLostItsLocksTakesNoPoint() {
    init(fixture.memory, LockMode.COMPLIANCE);
    MemoryObjectStore plain = new MemoryObjectStore(fixture.clock, StoreCapabilities.NONE);
    for (StoredObject object : fixture.memory.list("")) {
      plain.put(object.name(), fixture.memory.get(object.name(), 1 << 20));
    }
    assertThatThrownBy(() -> fixture.backUp(fixture.open(plain), Optional.empty(), disk))
        .isInstanceOfSatisfying(
            SendenseException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNSUPPORTED));
    assertThat(plain.list("points")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(LockMode.class)
  void everythingIsPutWithItsLockAndOnlyIntentsAndMarksWithout(LockMode mode) {
    init(fixture.memory, mode);
    backUp(fixture.open());
    for (StoredObject object : fixture.memory.list("")) {
      Optional<ObjectLock> lock = fixture.memory.lockState(object.name()).lock();
      assertThat(lock.isPresent())
          .as(object.name().value())
          .isEqualTo(LockedStore.isLocked(object.name()));
      lock.ifPresent(
          l -> {
            assertThat(l.mode()).isEqualTo(mode);
            assertThat(l.until())
                .isAfterOrEqualTo(fixture.clock.instant().plus(Duration.ofDays(DAYS)));
          });
    }
  }

  /** Strikes on each of 90 days, with a backup every third day, over nine generations. */
  @ParameterizedTest
  @Tag("exhaustive")
  @ValueSource(ints = {0, 4, 9, 10, 11, 19, 23, 29, 31, 38, 45, 52, 61, 74, 90})
  void anAttackerWithTheStoresCredentialsDestroysNoPointWithinItsLock(int strike) {
    init(fixture.memory, LockMode.COMPLIANCE);
    for (int day = 0; day <= strike; day += 3) {
      backUp(fixture.open());
      if (day % 9 == 0) {
        backUpOther(fixture.open());
      }
      if (day % 12 == 0) {
        fixture.open().collect(options());
      }
      fixture.clock.advance(Duration.ofDays(3));
    }
    assertThat(verify().findings()).isEmpty();
    List<PointId> protectedPoints = new ArrayList<>();
    for (StoredObject point : fixture.memory.list("points")) {
      if (fixture.memory.lockState(point.name()).refusesDeletion(fixture.clock.instant())) {
        protectedPoints.add(PointObject.idOf(point.name()).orElseThrow());
      }
    }

    for (StoredObject object : fixture.memory.list("")) {
      try {
        fixture.memory.delete(object.name());
      } catch (SendenseException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.STORE_LOCKED);
      }
    }

    assertThat(protectedPoints).hasSizeGreaterThanOrEqualTo(Math.min(10, strike / 3 + 1));
    Repository repository = fixture.open();
    for (PointId point : protectedPoints) {
      assertThat(Fixture.readDisk(repository, point, 0)).isEqualTo(contents.get(point));
    }
  }

  @Test
  @Tag("exhaustive")
  void anExtensionThatDiesAnywhereLeavesEveryPointProtectedAndTheNextWriterGoesOn() {
    int struck = 0;
    boolean survived = false;
    for (int k = 1; !survived; k++) {
      Fixture world = new Fixture();
      Repository.init(
          world.memory,
          Fixture.SECRET,
          Fixture.settings().withLock(new RepositoryLock(LockMode.COMPLIANCE, DAYS)),
          world.environment);
      byte[] first = Fixture.random(new SplittableRandom(k), 8 * CHUNK);
      RestorePoint point = world.backUp(world.open(), Optional.empty(), first);
      world.clock.advance(Duration.ofDays(12));
      int at = k;
      int[] steps = new int[1];
      ObjectStore dying =
          new FaultyObjectStore(
              world.memory,
              (operation, what, done) -> {
                if (operation == Operation.EXTEND_LOCK || what.startsWith("locks/")) {
                  steps[0]++;
                }
                if (steps[0] >= at) {
                  throw StoreFailure.unavailable("a dead process", operation + " " + what, null);
                }
              });
      byte[] second = first.clone();
      second[5] ^= 1;
      try {
        world.backUp(world.open(dying), Optional.of(point.id()), second);
      } catch (SendenseException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
      }
      survived = steps[0] < at;
      struck += survived ? 0 : 1;
      assertThat(
              world
                  .open()
                  .verify(VerifyOptions.everything(), VerifyReport.Progress.NONE)
                  .findings())
          .isEmpty();
      RestorePoint next = world.backUp(world.open(), Optional.of(point.id()), second);
      assertThat(
              world
                  .open()
                  .verify(VerifyOptions.everything(), VerifyReport.Progress.NONE)
                  .findings())
          .isEmpty();
      assertThat(Fixture.readDisk(world.open(), next.id(), 0)).isEqualTo(second);
    }
    assertThat(struck).isGreaterThan(10);
  }

  @Test
  void anOldObjectIsExtendedOncePerGenerationAndLaterPointsCostOneQuestion() {
    init(fixture.memory, LockMode.GOVERNANCE);
    backUp(fixture.open());
    int packs = fixture.memory.list("packs").size();
    fixture.clock.advance(Duration.ofDays(11));

    Map<Operation, Integer> first = counted();
    Map<Operation, Integer> second = counted();
    fixture.clock.advance(Duration.ofDays(1));
    Map<Operation, Integer> third = counted();

    assertThat(first.getOrDefault(Operation.EXTEND_LOCK, 0)).isBetween(packs / 2, packs + 3);
    assertThat(second).doesNotContainKey(Operation.EXTEND_LOCK);
    assertThat(third).doesNotContainKey(Operation.EXTEND_LOCK);
    assertThat(second.getOrDefault(Operation.LOCK_STATE, 0)).isLessThanOrEqualTo(2);
    assertThat(verify().findings()).isEmpty();
  }

  @Test
  void verifyTellsOfWhatIsLockedForLessLongThanItsPointPromises() {
    init(fixture.memory, LockMode.COMPLIANCE);
    backUp(fixture.open());
    fixture.clock.advance(Duration.ofDays(11));
    ObjectStore forgetful =
        new ForwardingObjectStore(fixture.memory) {
          @Override
          public void extendLock(ObjectName name, ObjectLock lock) {
            if (!name.value().startsWith("packs/")) {
              super.extendLock(name, lock);
            }
          }
        };
    RestorePoint point = backUp(fixture.open(forgetful));

    List<VerifyReport.Finding> findings = verify().findings();

    assertThat(findings).isNotEmpty();
    assertThat(findings)
        .allMatch(
            f ->
                f.kind() == VerifyReport.Kind.UNLOCKED
                    && f.object().startsWith("packs/")
                    && f.point().equals(Optional.of(point.id())));
  }

  @Test
  void nothingTheProductDoesByItselfIsRefusedByALock() {
    init(fixture.memory, LockMode.COMPLIANCE);
    List<ObjectName> refused = new ArrayList<>();
    ObjectStore watched =
        new ForwardingObjectStore(fixture.memory) {
          @Override
          public void delete(ObjectName name) {
            try {
              super.delete(name);
            } catch (SendenseException e) {
              refused.add(name);
              throw e;
            }
          }
        };
    long kept = 0;
    long freed = 0;
    for (int week = 0; week < 20; week++) {
      disk = Fixture.random(random, CHUNKS * CHUNK);
      parent = week % 4 == 0 ? Optional.empty() : parent;
      RestorePoint point = backUp(fixture.open(watched));
      Repository repository = fixture.open(watched);
      assertThatThrownBy(() -> repository.deletePoint(point.id(), "too early"))
          .isInstanceOfSatisfying(
              SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_LOCKED))
          .hasMessageContaining(until(point.id()).toString());
      for (Map.Entry<PointId, PointGuard> each : repository.guards(contents.keySet()).entrySet()) {
        if (each.getValue().mayGo()) {
          repository.deletePoint(each.getKey(), "its lock has ended");
          contents.remove(each.getKey());
        }
      }
      CollectReport report = repository.collect(options());
      kept += report.kept().size();
      freed += report.packsDeleted().bytes();
      report.kept().forEach(k -> assertThat(k.until()).startsWith("locked until "));
      fixture.clock.advance(Duration.ofDays(7));
    }
    assertThat(refused).isEmpty();
    assertThat(kept).as("locked garbage told").isPositive();
    assertThat(freed).as("freed after the locks").isGreaterThan(5L * CHUNKS * CHUNK);
    assertThat(verify().findings()).isEmpty();
  }

  @Test
  void aWriterThatIsLateMarksItsLockedPointInsteadOfDeletingIt() {
    init(fixture.memory, LockMode.COMPLIANCE);
    ObjectStore sleepy =
        new FaultyObjectStore(
            fixture.memory,
            (operation, what, done) -> {
              if (operation == Operation.PUT && !done && what.startsWith("points/")) {
                fixture.clock.advance(Duration.ofDays(3));
              }
            });
    assertThatThrownBy(() -> fixture.backUp(fixture.open(sleepy), Optional.empty(), disk))
        .isInstanceOfSatisfying(
            SendenseException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
    assertThat(fixture.memory.list("points")).hasSize(1);
    assertThat(fixture.open().points()).isEmpty();
  }

  @Test
  void aHeldPointIsHeldInTheStoreAndReleasedThere() {
    Repository repository = fixture.init();
    RestorePoint held = backUp(repository);
    RestorePoint other = backUpOther(repository);
    repository.hold(held.id(), "a court asks");

    for (StoredObject object : fixture.memory.list("")) {
      try {
        fixture.memory.delete(object.name());
      } catch (SendenseException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.STORE_LOCKED);
      }
    }
    assertThat(Fixture.readDisk(fixture.open(), held.id(), 0)).isEqualTo(contents.get(held.id()));
    assertThat(fixture.memory.stat(PointObject.name(other.id()))).isEmpty();

    repository.release(held.id());
    assertThat(fixture.memory.list(""))
        .noneMatch(object -> fixture.memory.lockState(object.name()).legalHold());
    assertThat(repository.points()).hasSize(1);
  }

  private Instant until(PointId point) {
    return fixture.memory.lockState(PointObject.name(point)).lock().orElseThrow().until();
  }

  private Map<Operation, Integer> counted() {
    Map<Operation, Integer> calls = new EnumMap<>(Operation.class);
    backUp(
        fixture.open(
            new FaultyObjectStore(
                fixture.memory,
                (operation, what, done) -> {
                  if (!done) {
                    calls.merge(operation, 1, Integer::sum);
                  }
                })));
    return calls;
  }

  /** An incremental that changes a sixth of the disk. */
  private RestorePoint backUp(Repository repository) {
    disk = disk.clone();
    for (int chunk = random.nextInt(6); chunk < CHUNKS; chunk += 6) {
      System.arraycopy(Fixture.random(random, CHUNK), 0, disk, chunk * CHUNK, CHUNK);
    }
    RestorePoint point = fixture.backUp(repository, parent, disk);
    parent = Optional.of(point.id());
    contents.put(point.id(), disk);
    return point;
  }

  /** A point without parent that finds much of its content by the indexes. */
  private RestorePoint backUpOther(Repository repository) {
    byte[] other = disk.clone();
    System.arraycopy(Fixture.random(random, CHUNK), 0, other, 0, CHUNK);
    RestorePoint point = fixture.backUp(repository, Optional.empty(), other);
    contents.put(point.id(), other);
    return point;
  }

  private VerifyReport verify() {
    assertThat(OperatorCheck.run(fixture.memory, VerifyReport.Progress.NONE).findings()).isEmpty();
    return fixture.open().verify(VerifyOptions.everything(), VerifyReport.Progress.NONE);
  }

  private CollectOptions options() {
    return CollectOptions.defaults().withScratch(scratch);
  }

  private Repository init(ObjectStore store, LockMode mode) {
    return Repository.init(
        store,
        Fixture.SECRET,
        Fixture.settings().withLock(new RepositoryLock(mode, DAYS)),
        fixture.environment);
  }
}
