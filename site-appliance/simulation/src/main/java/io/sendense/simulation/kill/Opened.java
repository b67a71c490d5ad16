package io.sendense.simulation.kill;

import io.sendense.repository.format.Repository;
import io.sendense.repository.local.LocalObjectStore;

/** A repository and the store beneath it, closed together. */
record Opened(LocalObjectStore store, Repository repository) implements AutoCloseable {
  @Override
  public void close() {
    repository.close();
    store.close();
  }
}
