package io.sendense.repository.azure;

import io.sendense.testkit.azure.AzureSimulator;
import java.util.Map;

/** How the simulator is opened. */
final class Simulated {
  static final AzureCredential ANYBODY = new AzureCredential.Sas("sig=x");

  private Simulated() {}

  static AzureStoreOptions options(AzureSimulator service) {
    return AzureStoreOptions.parse(
        "azblob://" + AzureSimulator.ACCOUNT + "/" + AzureSimulator.CONTAINER,
        Map.of(AzureStoreOptions.ENDPOINT, service.endpoint().toString()));
  }
}
