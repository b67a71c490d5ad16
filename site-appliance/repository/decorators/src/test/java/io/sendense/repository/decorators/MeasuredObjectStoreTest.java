package io.sendense.repository.decorators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.repository.decorators.StoreMeter.Operation;
import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.testkit.ObjectStoreContract;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MeasuredObjectStoreTest extends ObjectStoreContract {
  private final MemoryObjectStore memory = new MemoryObjectStore(InstantSource.system());
  private final StoreCounters counters = new StoreCounters();
  private final AtomicLong nanos = new AtomicLong();

  @Override
  protected ObjectStore createStore() {
    return new MeasuredObjectStore(memory, counters, () -> nanos.addAndGet(5));
  }

  @Override
  protected ObjectStore reopenStore() {
    return createStore();
  }

  @Test
  void countsCallsBytesTimesAndFailuresByOperation() {
    ObjectStore store = createStore();
    ObjectName name = new ObjectName("a");
    store.put(name, new byte[100]);
    assertThatThrownBy(() -> store.put(name, new byte[7])).isNotNull();
    store.get(name, 100);
    store.read(name, 0, new byte[10], 0, 10);

    assertThat(counters.sum(Operation.PUT))
        .isEqualTo(new StoreCounters.Sum(2, Map.of(ErrorCode.ALREADY_EXISTS, 1L), 100, 10, 5));
    assertThat(counters.sum(Operation.READ))
        .isEqualTo(new StoreCounters.Sum(2, Map.of(), 110, 10, 5));
    assertThat(counters.sum(Operation.LIST)).isEqualTo(new StoreCounters.Sum(0, Map.of(), 0, 0, 0));
  }
}
