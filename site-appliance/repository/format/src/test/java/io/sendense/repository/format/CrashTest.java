package io.sendense.repository.format;

import static io.sendense.repository.format.Fixture.CHUNK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.testkit.FaultyObjectStore;
import io.sendense.repository.testkit.FaultyObjectStore.Operation;
import io.sendense.testkit.FaultPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A writer that dies at any operation of the store harms no point, and the next one succeeds. */
class CrashTest {
  private static final int CHUNKS = 30;

  /** From the k-th operation on, before or after its effect, the process is gone. */
  private static final class Death implements FaultyObjectStore.Hook {
    final AtomicInteger steps = new AtomicInteger();
    final AtomicBoolean dead = new AtomicBoolean();
    final int at;

    Death(int at) {
      this.at = at;
    }

    @Override
    public void reach(Operation operation, String what, boolean done) {
      if (steps.incrementAndGet() >= at || dead.get()) {
        dead.set(true);
        throw StoreFailure.unavailable("a dead process", operation + " " + what, null);
      }
    }
  }

  @Test
  @Tag("exhaustive")
  void diesAtEveryOperationOfAnIncremental() {
    SplittableRandom random = new SplittableRandom(5);
    byte[] disk = Fixture.random(random, CHUNKS * CHUNK);
    byte[] changed = disk.clone();
    for (int chunk = 0; chunk < CHUNKS; chunk += 2) {
      System.arraycopy(Fixture.random(random, CHUNK), 0, changed, chunk * CHUNK, CHUNK);
    }
    int published = 0;
    int reused = 0;
    boolean survived = false;
    int k = 1;
    for (; !survived; k++) {
      assertThat(k).isLessThan(500);
      Fixture fixture = new Fixture();
      RestorePoint first = fixture.backUp(fixture.init(), Optional.empty(), disk);
      Map<String, byte[]> before = Fixture.objects(fixture.memory);
      Death death = new Death(k);

      try {
        Repository dying = fixture.open(new FaultyObjectStore(fixture.store, death));
        fixture.backUp(dying, Optional.of(first.id()), changed);
      } catch (SendenseException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
      }
      survived = !death.dead.get();

      Map<String, byte[]> after = Fixture.objects(fixture.memory);
      before.forEach((name, content) -> assertThat(after.get(name)).as(name).isEqualTo(content));
      Repository repository = fixture.open();
      assertWhole(repository);
      assertThat(Fixture.readDisk(repository, first.id(), 0)).isEqualTo(disk);
      published += repository.points().size() - 1;
      RestorePoint next = fixture.backUp(repository, Optional.of(first.id()), changed);
      assertThat(Fixture.readDisk(repository, next.id(), 0)).isEqualTo(changed);
      assertThat(OperatorCheck.run(fixture.memory, VerifyReport.Progress.NONE).findings())
          .isEmpty();
      assertWhole(fixture.open());
      reused += next.statistics().chunksStored() < CHUNKS / 2 ? 1 : 0;
    }
    assertThat(k).as("operations struck").isGreaterThan(20);
    assertThat(published).as("points whose writer died before it heard of success").isPositive();
    assertThat(reused).as("runs that reused what the dead one had stored").isGreaterThan(5);
  }

  @Test
  @Tag("exhaustive")
  void diesAtEveryOperationOfInitAndNothingOfWorthIsThere() {
    boolean survived = false;
    for (int k = 1; !survived; k++) {
      Fixture fixture = new Fixture();
      Death death = new Death(k);
      ObjectStore store = new FaultyObjectStore(fixture.store, death);
      try {
        Repository.init(store, Fixture.SECRET, Fixture.settings(), fixture.environment);
      } catch (SendenseException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
      }
      survived = !death.dead.get();
      assertThat(fixture.memory.list("points")).isEmpty();
    }
  }

  @Test
  void aFullStoreFailsTheWriterAndHarmsNothing() {
    Fixture fixture = new Fixture();
    byte[] disk = Fixture.random(new SplittableRandom(1), CHUNKS * CHUNK);
    RestorePoint first = fixture.backUp(fixture.init(), Optional.empty(), disk);
    FaultPlan plan =
        new FaultPlan()
            .failAt(
                "PUT packs",
                2,
                () -> StoreFailure.noSpace("memory", new ObjectName("packs/x"), null));
    Repository full =
        fixture.open(
            new FaultyObjectStore(
                fixture.store,
                (operation, what, done) -> {
                  if (!done) {
                    plan.reach(operation + " " + what.split("/")[0]);
                  }
                }));
    byte[] other = Fixture.random(new SplittableRandom(2), CHUNKS * CHUNK);

    assertThatThrownBy(() -> fixture.backUp(full, Optional.of(first.id()), other))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE));
    plan.assertAllReached();
    assertThat(fixture.open().points()).containsExactly(first);
    assertWhole(fixture.open());
  }

  @Test
  void aStoreThatLosesWhatItAcknowledgedIsCaughtBeforeThePoint() {
    for (String lost : List.of("packs", "indexes", "points")) {
      Fixture fixture = new Fixture();
      fixture.init();
      ObjectStore lying =
          new FaultyObjectStore(
              fixture.store,
              (operation, what, done) -> {
                if (operation == Operation.PUT && done && what.startsWith(lost)) {
                  fixture.memory.delete(new ObjectName(what));
                }
              });
      byte[] disk = Fixture.random(new SplittableRandom(3), 5 * CHUNK);

      assertThatThrownBy(() -> fixture.backUp(fixture.open(lying), Optional.empty(), disk))
          .as(lost)
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_OBJECT_MISSING));
      assertThat(fixture.open().points()).isEmpty();
    }
  }

  @Test
  void intentsOfTheDeadAreRemovedAfterTheirDeadline() {
    Fixture fixture = new Fixture();
    Repository repository = fixture.init();
    PointWriter dead = repository.beginPoint(fixture.draft(Optional.empty(), CHUNK));
    dead.write(0, 0, Fixture.filled(CHUNK, 1), CHUNK);
    fixture.clock.advance(java.time.Duration.ofDays(3));

    fixture.backUp(fixture.open(), Optional.empty(), Fixture.filled(CHUNK, 2));

    assertThat(fixture.memory.list("intents")).isEmpty();
    dead.abandon();
  }

  private static void assertWhole(Repository repository) {
    assertThat(repository.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE).findings())
        .isEmpty();
  }
}
