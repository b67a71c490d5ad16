package io.sendense.repository.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("server")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ManyAtOnceTest {
  private static final int LENGTH = 700_000;

  private final MemoryObjectStore behind = new MemoryObjectStore(InstantSource.system());
  private final byte[] content = new byte[LENGTH];

  ManyAtOnceTest() {
    new SplittableRandom(5).nextBytes(content);
  }

  @Test
  void ofTwoAppliancesPuttingOneNameExactlyOneWins() throws Exception {
    List<Grant> grants =
        List.of(
            Site.grant("site-b", behind, Site.EVERYTHING),
            Site.grant("site-c", behind, Site.EVERYTHING));
    byte[] other = content.clone();
    other[LENGTH - 1]++;
    try (Site site = Site.start(grants, 0, UnaryOperator.identity(), true);
        ObjectStore b = site.client("site-b");
        ObjectStore c = site.client("site-c")) {
      for (int round = 0; round < 20; round++) {
        ObjectName name = new ObjectName("contested/" + round);
        AtomicInteger winners = new AtomicInteger();
        CountDownLatch ready = new CountDownLatch(2);
        List<Thread> threads = new ArrayList<>();
        for (ObjectStore store : List.of(b, c)) {
          byte[] mine = store == b ? content : other;
          threads.add(
              Thread.ofVirtual()
                  .start(
                      () -> {
                        ready.countDown();
                        try {
                          ready.await();
                          store.put(name, mine);
                          winners.addAndGet(store == b ? 1 : 100);
                        } catch (SendenseException | InterruptedException e) {
                          winners.addAndGet(0);
                        }
                      }));
        }
        for (Thread thread : threads) {
          thread.join();
        }
        assertThat(winners.get()).isIn(1, 100);
        assertThat(Arrays.equals(behind.get(name, LENGTH), winners.get() == 1 ? content : other))
            .isTrue();
      }
    }
  }

  @Test
  void moreIsPutAtOnceThanTheServerHasMemoryFor() {
    UnaryOperator<RepositoryServerOptions> small = o -> o.withBounds(64, 16, 1 << 20, 1 << 20);
    try (Site site = Site.start(behind, small);
        ObjectStore store = site.client()) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        ObjectName name = new ObjectName("at-once/" + i);
        threads.add(Thread.ofVirtual().start(() -> store.put(name, content)));
      }
      threads.forEach(ManyAtOnceTest::join);
      assertThat(behind.list("at-once")).hasSize(40);
      failed(() -> store.put(new ObjectName("x"), new byte[(1 << 20) + 1]), ErrorCode.BAD_ARGUMENT);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void failed(ThrowingCallable action, ErrorCode code) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }
}
