package io.sendense.repository.decorators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.testkit.FaultyObjectStore;
import io.sendense.repository.testkit.FaultyObjectStore.Operation;
import io.sendense.repository.testkit.ObjectStoreContract;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetryingObjectStoreTest extends ObjectStoreContract {
  private static final ObjectName NAME = new ObjectName("points/a");
  private static final RetryPolicy POLICY =
      new RetryPolicy(4, Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofMinutes(1));

  private final MemoryObjectStore memory = new MemoryObjectStore(InstantSource.system());
  private final AtomicInteger faults = new AtomicInteger();
  private final AtomicInteger reached = new AtomicInteger();
  private final List<Duration> pauses = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();

  /** In the contract every first call of its kind on a name takes effect unheard. */
  @Override
  protected ObjectStore createStore() {
    Set<String> failed = ConcurrentHashMap.newKeySet();
    return retrying(
        (operation, what, done) -> {
          if (done && failed.add(operation + what)) {
            throw StoreFailure.unavailable("flaky", what, null);
          }
        });
  }

  @Override
  protected ObjectStore reopenStore() {
    return memory;
  }

  @Test
  void whatPassesIsTriedAgainAndThePausesGrowWithinTheirBounds() {
    ObjectStore store = failing(3, Operation.PUT, false);

    store.put(NAME, new byte[3]);

    assertThat(reached).hasValue(4);
    assertThat(pauses).hasSize(3);
    assertThat(pauses.get(0)).isLessThanOrEqualTo(Duration.ofSeconds(1));
    assertThat(pauses.get(1)).isLessThanOrEqualTo(Duration.ofSeconds(2));
    assertThat(pauses.get(2)).isLessThanOrEqualTo(Duration.ofSeconds(3));
    assertThat(pauses).doesNotHaveDuplicates();
  }

  @Test
  void whatDoesNotPassIsGivenUpAfterTheAttemptsOfThePolicy() {
    ObjectStore store = failing(100, Operation.STAT, false);

    assertThatThrownBy(() -> store.stat(NAME)).isInstanceOf(SendenseException.class);
    assertThat(reached).hasValue(4);
  }

  @Test
  void noAttemptBeginsAfterTheDeadline() {
    ObjectStore store =
        retrying(
            (operation, what, done) -> {
              reached.incrementAndGet();
              nanos.addAndGet(Duration.ofSeconds(40).toNanos());
              throw StoreFailure.unavailable("slow", what, null);
            });

    assertThatThrownBy(() -> store.stat(NAME)).isInstanceOf(SendenseException.class);
    assertThat(reached).hasValue(2);
  }

  @Test
  void whatIsPermanentIsNotTriedAgain() {
    ObjectStore store = failing(0, Operation.READ, false);

    assertThatThrownBy(() -> store.get(NAME, 10)).hasMessageContaining("missing");
    assertThat(reached).hasValue(1);
  }

  @Test
  void aPutThatTookEffectUnheardIsASuccessAfterComparingWhatIsThere() {
    ObjectStore store = failing(1, Operation.PUT, true);
    byte[] content = new byte[3_000_000];
    new Random(1).nextBytes(content);

    assertThat(store.put(NAME, content, 1000, 2_500_000).lengthBytes()).isEqualTo(2_500_000);
    assertThat(memory.get(NAME, 3_000_000)).hasSize(2_500_000);
  }

  @Test
  void aPutOfUnknownOutcomeOnANameThatIsTakenByOthersIsRefused() {
    memory.put(NAME, new byte[] {1, 2, 3});
    ObjectStore store = failing(1, Operation.PUT, false);

    assertThatThrownBy(() -> store.put(NAME, new byte[] {1, 2, 4}))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS));
    assertThat(memory.get(NAME, 3)).containsExactly(1, 2, 3);
  }

  @Test
  void aNameThatIsTakenIsRefusedAtOnceEvenWithTheSameContent() {
    memory.put(NAME, new byte[] {1, 2, 3});
    ObjectStore store = failing(0, Operation.PUT, false);

    assertThatThrownBy(() -> store.put(NAME, new byte[] {1, 2, 3}))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS));
  }

  @Test
  void whatAVisitorThrowsEndsTheListingAndIsNotTriedAgain() {
    memory.put(NAME, new byte[1]);
    ObjectStore store = failing(0, Operation.LIST, false);

    assertThatThrownBy(
            () ->
                store.list(
                    "",
                    o -> {
                      throw StoreFailure.unavailable("the visitor", "looking", null);
                    }))
        .hasMessageContaining("the visitor");
    assertThat(reached).hasValue(1);
  }

  /** The first calls of an operation fail; {@code done}: after their effect. */
  private ObjectStore failing(int times, Operation wanted, boolean after) {
    faults.set(times);
    return retrying(
        (operation, what, done) -> {
          if (operation == wanted && !done) {
            reached.incrementAndGet();
          }
          if (operation == wanted && done == after && faults.getAndDecrement() > 0) {
            throw StoreFailure.unavailable("faulty", what, null);
          }
        });
  }

  private ObjectStore retrying(FaultyObjectStore.Hook hook) {
    return new RetryingObjectStore(
        new FaultyObjectStore(memory, hook),
        POLICY,
        new Random(7),
        nanos::get,
        (closed, atMost) -> {
          synchronized (pauses) {
            pauses.add(atMost);
          }
          return false;
        });
  }
}
