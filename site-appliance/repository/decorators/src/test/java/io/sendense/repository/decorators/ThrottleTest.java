package io.sendense.repository.decorators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  private final AtomicLong nanos = new AtomicLong();

  /** Waiting takes no time but that of the clock. */
  private Throttle throttle(long rate) {
    return new Throttle(rate, nanos::get, (monitor, time) -> nanos.addAndGet(Math.max(1, time)));
  }

  @Test
  void transfersTakeAsLongAsTheRateSays() {
    Throttle throttle = throttle(1_000_000);
    for (int i = 0; i < 10; i++) {
      throttle.take(2_000_000);
    }
    assertThat(Duration.ofNanos(nanos.get()).toMillis()).isBetween(17_999L, 18_001L);
  }

  @Test
  void timeThatPassedUnusedIsNotSavedUp() {
    Throttle throttle = throttle(1_000_000);
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    throttle.take(1_000_000);
    throttle.take(1_000_000);
    throttle.take(1_000_000);

    assertThat(Duration.ofNanos(nanos.get()).minusHours(1).toMillis()).isBetween(1999L, 2001L);
  }

  @Test
  void aNewRateHoldsForThoseWhoWaitAlready() throws Exception {
    CountDownLatch inLine = new CountDownLatch(3);
    Throttle throttle =
        new Throttle(
            1,
            System::nanoTime,
            (monitor, time) -> {
              inLine.countDown();
              TimeUnit.NANOSECONDS.timedWait(monitor, time);
            });
    throttle.take(1_000_000);
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int number = i;
      Thread thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    throttle.take(0);
                    order.add(number);
                  });
      threads.add(thread);
      while (thread.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
    }
    assertThat(inLine.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(order).isEmpty();

    throttle.limit(Throttle.UNLIMITED);

    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
    }
    assertThat(order).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void nobodyWaitsForEver() {
    Throttle throttle = throttle(1);
    throttle.take(1_000_000);

    assertThatThrownBy(() -> throttle.take(1))
        .isInstanceOfSatisfying(
            SendenseException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
  }

  @Test
  void whoIsToldToEndWaitsNoLonger() {
    Throttle throttle = throttle(1);
    throttle.take(1_000_000);
    Runnable ended =
        () -> {
          if (nanos.get() > 0) {
            throw new SendenseException(ErrorCode.CANCELLED, "the job was cancelled", "");
          }
        };

    assertThatThrownBy(() -> throttle.take(1, ended)).hasMessage("the job was cancelled");
    assertThat(Duration.ofNanos(nanos.get())).isEqualTo(Duration.ofSeconds(1));
    throttle.end();
    assertThatThrownBy(() -> throttle.take(1))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
  }

  @Test
  void upAndDownAreCountedApart() {
    ObjectStore store =
        new ThrottledObjectStore(
            new MemoryObjectStore(InstantSource.system()), throttle(1000), throttle(500));
    ObjectName name = new ObjectName("a");
    store.put(name, new byte[1000]);
    assertThat(store.get(name, 1000)).hasSize(1000);
    assertThat(nanos).hasValue(0);
    store.read(name, 0, new byte[10], 0, 10);
    assertThat(Duration.ofNanos(nanos.get()).toMillis()).isBetween(1999L, 2001L);
    store.put(new ObjectName("b"), new byte[1]);
    assertThat(Duration.ofNanos(nanos.get()).toMillis()).isBetween(1999L, 2001L);
  }
}
