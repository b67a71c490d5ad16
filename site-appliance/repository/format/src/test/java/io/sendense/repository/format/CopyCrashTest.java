package io.sendense.repository.format;

import static io.sendense.repository.format.Fixture.CHUNK;
import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.testkit.FaultyObjectStore;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A copy that dies at any operation of the target leaves no half point, and the next goes on. */
@Tag("exhaustive")
class CopyCrashTest {
  private static final RepositorySecret OTHER_SECRET = RepositorySecret.key(Fixture.filled(32, 9));
  private static final int CHUNKS = 200;

  private final Fixture fixture = new Fixture();
  private final byte[] disk = Fixture.random(new SplittableRandom(31), CHUNKS * CHUNK + 99);
  private final Repository near = fixture.init();
  private final RestorePoint first = fixture.backUp(near, Optional.empty(), disk);

  @Test
  void aCopyThatDiesAtAnyOperationLeavesNoPointOrAWholeOneAndIsResumed() {
    AtomicInteger resumed = new AtomicInteger();
    boolean survived = false;
    int k = 1;
    for (; !survived; k += 3) {
      assertThat(k).isLessThan(900);
      MemoryObjectStore store = new MemoryObjectStore(fixture.clock);
      Repository.init(
          store,
          OTHER_SECRET,
          RepositorySettings.defaults().withIdentity(near.identity()),
          fixture.environment);
      Death death = new Death(k);
      try {
        Repository dying =
            Repository.open(
                new FaultyObjectStore(new OrderRules(store), death),
                OTHER_SECRET,
                fixture.environment);
        run(dying.copyFrom(near, first.id()), bytes -> {});
      } catch (SendenseException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
      }
      survived = !death.dead.get();
      Repository again = Repository.open(store, OTHER_SECRET, fixture.environment);
      PointCopy.Result result = run(again.copyFrom(near, first.id()), bytes -> {});
      resumed.addAndGet(result.chunksMissing() < CHUNKS / 2 ? 1 : 0);
      assertThat(Fixture.readDisk(again, first.id(), 0)).isEqualTo(disk);
      assertThat(again.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE).findings())
          .isEmpty();
      assertThat(OperatorCheck.run(store, VerifyReport.Progress.NONE).findings()).isEmpty();
    }
    assertThat(k).as("operations struck").isGreaterThan(60);
    assertThat(resumed).as("runs that used again what was there").hasValueGreaterThan(10);
  }

  private static PointCopy.Result run(PointCopy copy, PointCopy.Pace pace) {
    return copy.run(
        copy.original().annotations(),
        3,
        copy.bytesToCompare(),
        pace,
        (done, total) -> assertThat(done).isLessThanOrEqualTo(total));
  }

  private static final class Death implements FaultyObjectStore.Hook {
    final AtomicInteger steps = new AtomicInteger();
    final AtomicBoolean dead = new AtomicBoolean();
    final int at;

    Death(int at) {
      this.at = at;
    }

    @Override
    public void reach(FaultyObjectStore.Operation operation, String what, boolean done) {
      if (steps.incrementAndGet() >= at || dead.get()) {
        dead.set(true);
        throw StoreFailure.unavailable("a dead process", operation + " " + what, null);
      }
    }
  }
}
