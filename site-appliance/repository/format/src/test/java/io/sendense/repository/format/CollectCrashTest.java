package io.sendense.repository.format;

import static io.sendense.repository.format.Fixture.CHUNK;
import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.testkit.FaultyObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A collector that dies at any operation of the store, or is cancelled, harms no point, and the
 * next one ends it.
 */
@Tag("exhaustive")
class CollectCrashTest {
  private static final Duration AGE = Duration.ofDays(4).plusMinutes(2);
  private static final int CHUNKS = 18;

  @TempDir Path scratch;

  /**
   * @param run 1 for the run that condemns and rewrites, 2 for the one that deletes
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void diesAtEveryOperation(int run) {
    Set<FaultyObjectStore.Operation> struck = EnumSet.noneOf(FaultyObjectStore.Operation.class);
    boolean survived = false;
    int k = 1;
    for (; !survived; k++) {
      assertThat(k).isLessThan(1000);
      int at = k;
      survived = !isWholeAfter(run, fixture -> strike(fixture, at, struck));
    }
    assertThat(k).as("operations struck").isGreaterThan(30);
    assertThat(struck)
        .contains(
            FaultyObjectStore.Operation.PUT,
            FaultyObjectStore.Operation.READ,
            FaultyObjectStore.Operation.LIST,
            FaultyObjectStore.Operation.DELETE);
  }

  /** It asks more often than it calls the store. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void mayBeCancelledAtAnyMoment(int run) {
    boolean survived = false;
    int moment = 0;
    for (; !survived; moment += 5) {
      assertThat(moment).isLessThan(10_000);
      int at = moment;
      survived = !isWholeAfter(run, fixture -> cancel(fixture, at));
    }
    assertThat(moment).as("the moments it was cancelled at").isGreaterThan(100);
  }

  /** Returns what the strike did, once a point was found whole and collected around after it. */
  private boolean isWholeAfter(int run, Predicate<Fixture> strike) {
    Fixture fixture = new Fixture();
    SplittableRandom random = new SplittableRandom(9);
    byte[] first = Fixture.random(random, CHUNKS * CHUNK);
    byte[] next = Fixture.random(random, CHUNKS * CHUNK);
    for (int chunk = 0; chunk < CHUNKS; chunk += 6) {
      System.arraycopy(first, chunk * CHUNK, next, chunk * CHUNK, CHUNK);
    }
    Repository repository = fixture.init();
    RestorePoint gone = fixture.backUp(repository, Optional.empty(), first);
    RestorePoint stays = fixture.backUp(repository, Optional.empty(), next);
    repository.deletePoint(gone.id(), "a test");
    fixture.clock.advance(AGE);
    if (run == 2) {
      assertThat(collect(fixture.open()).packsRewritten().count()).isPositive();
      fixture.clock.advance(AGE);
    }

    boolean struck = strike.test(fixture);

    assertWhole(fixture, stays, next);
    assertThat(fixture.open().points()).containsExactly(stays);
    for (int i = 0; i < 3; i++) {
      collect(fixture.open());
      fixture.clock.advance(AGE);
      assertWhole(fixture, stays, next);
    }
    CollectReport last = collect(fixture.open());
    assertThat(last.packsDeleted().count() + last.packsCondemned().count()).isZero();
    assertThat(Findings.bytes(fixture.memory.list("packs")))
        .as("the point, and packs of which more than half is wanted")
        .isLessThan((CHUNKS + 4) * (long) CHUNK);
    assertThat(fixture.memory.list("intents")).isEmpty();
    assertThat(fixture.memory.list("deletions")).isEmpty();
    return struck;
  }

  /** Cancels a collection when it asks for the given time; false where it asked less often. */
  private boolean cancel(Fixture fixture, int moment) {
    AtomicInteger asked = new AtomicInteger();
    try {
      fixture
          .open()
          .collect(
              CollectOptions.defaults().withScratch(scratch),
              () -> {
                if (asked.getAndIncrement() >= moment) {
                  throw new SendenseException(ErrorCode.CANCELLED, "cancelled", "");
                }
              },
              CollectProgress.NONE);
      return false;
    } catch (SendenseException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED);
      return true;
    }
  }

  /** Collects until the k-th operation; false where there were fewer. */
  private boolean strike(Fixture fixture, int k, Set<FaultyObjectStore.Operation> struck) {
    AtomicInteger steps = new AtomicInteger();
    AtomicBoolean dead = new AtomicBoolean();
    Repository dying =
        fixture.open(
            new FaultyObjectStore(
                fixture.memory,
                (operation, what, done) -> {
                  // Opening the repository takes a few that are not counted.
                  if (steps.incrementAndGet() >= k + 6) {
                    if (dead.compareAndSet(false, true)) {
                      struck.add(operation);
                    }
                    throw StoreFailure.unavailable("a dead process", operation + " " + what, null);
                  }
                }));
    try {
      collect(dying);
    } catch (SendenseException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }
    return dead.get();
  }

  private CollectReport collect(Repository repository) {
    return repository.collect(CollectOptions.defaults().withScratch(scratch));
  }

  private static void assertWhole(Fixture fixture, RestorePoint point, byte[] content) {
    Repository repository = fixture.open();
    assertThat(repository.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE).findings())
        .isEmpty();
    assertThat(OperatorCheck.run(fixture.memory, VerifyReport.Progress.NONE).findings()).isEmpty();
    assertThat(Fixture.readDisk(repository, point.id(), 0)).isEqualTo(content);
  }
}
