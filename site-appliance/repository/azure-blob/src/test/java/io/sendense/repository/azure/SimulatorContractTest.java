package io.sendense.repository.azure;

import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.testkit.ObjectStoreContract;
import io.sendense.testkit.azure.AzureSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** What Azurite does not do, locks and holds, against the simulator; and the rest as well. */
@Tag("server")
class SimulatorContractTest extends ObjectStoreContract {
  private final AzureSimulator service = AzureSimulator.start();

  @Override
  protected ObjectStore createStore() {
    return open();
  }

  @Override
  protected ObjectStore reopenStore() {
    return open();
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private ObjectStore open() {
    return AzureObjectStore.open(Simulated.options(service), Simulated.ANYBODY);
  }
}
