package io.sendense.repository.memory;

import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.testkit.ObjectStoreContract;
import java.time.InstantSource;

class MemoryObjectStoreTest extends ObjectStoreContract {
  private MemoryObjectStore store = new MemoryObjectStore(InstantSource.system());

  @Override
  protected ObjectStore createStore() {
    store = new MemoryObjectStore(InstantSource.system());
    return store;
  }

  @Override
  protected ObjectStore reopenStore() {
    return store;
  }
}
