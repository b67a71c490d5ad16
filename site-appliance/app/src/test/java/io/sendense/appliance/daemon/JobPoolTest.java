package io.sendense.appliance.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.repository.decorators.Throttle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class JobPoolTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void fiftyJobsRunAtOnceAndTheFiftyFirstWaits() throws Exception {
    JobPool.Parallel pool =
        new JobPool.Parallel(new JobLimits(50, 50, Throttle.UNLIMITED).admission());
    CountDownLatch all = new CountDownLatch(50);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger ended = new AtomicInteger();
    for (int i = 0; i < 51; i++) {
      boolean begun =
          pool.begin(
              "vm" + i,
              List.of(JobLimits.APPLIANCE, JobLimits.REPOSITORY + "main"),
              () -> {
                all.countDown();
                await(go);
                ended.incrementAndGet();
              });
      assertThat(begun).isTrue();
    }

    assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(pool.runningJobs()).isEqualTo(50);
    assertThat(pool.busy("vm50")).isTrue();
    go.countDown();
    while (pool.busy("vm50")) {
      Thread.onSpinWait();
    }
    assertThat(pool.close(LONG)).isTrue();
    assertThat(ended.get()).isEqualTo(51);
  }

  @Test
  void aMachineHasOneJobAtATimeAndARepositoryNoMoreThanItsLimit() throws Exception {
    JobPool.Parallel pool =
        new JobPool.Parallel(new JobLimits(4, 1, Throttle.UNLIMITED).admission());
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch other = new CountDownLatch(1);
    AtomicInteger second = new AtomicInteger();
    List<String> main = List.of(JobLimits.APPLIANCE, JobLimits.REPOSITORY + "main");

    assertThat(pool.begin("a", main, () -> await(go))).isTrue();
    assertThat(pool.begin("a", main, second::incrementAndGet)).isFalse();
    assertThat(pool.begin("b", main, second::incrementAndGet)).isTrue();
    assertThat(
            pool.begin(
                "c",
                List.of(JobLimits.APPLIANCE, JobLimits.REPOSITORY + "other"),
                other::countDown))
        .isTrue();
    assertThat(other.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(second.get()).isZero();
    go.countDown();
    while (pool.busy("b")) {
      Thread.onSpinWait();
    }
    assertThat(second.get()).isEqualTo(1);
  }

  @Test
  void aClosedPoolBeginsNothingNotEvenWhatWaits() throws Exception {
    JobPool.Parallel pool =
        new JobPool.Parallel(new JobLimits(1, 1, Throttle.UNLIMITED).admission());
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger ran = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    pool.begin(
        "a",
        List.of(JobLimits.APPLIANCE),
        () -> {
          begun.countDown();
          await(go);
        });
    pool.begin("b", List.of(JobLimits.APPLIANCE), ran::incrementAndGet);
    await(begun);

    pool.close();
    assertThat(pool.begin("c", List.of(), ran::incrementAndGet)).isFalse();
    assertThat(pool.close(Duration.ofMillis(50))).isFalse();
    go.countDown();
    while (pool.busy("b")) {
      Thread.onSpinWait();
    }
    assertThat(ran.get()).isZero();
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody said go");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
