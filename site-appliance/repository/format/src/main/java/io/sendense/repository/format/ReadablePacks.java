package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoreFailure;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which packs can be read now, as the store tells: one question per pack, and none in a store
 * without an archive. Thread-safe.
 */
final class ReadablePacks {
  private final ObjectStore store;
  private final boolean archive;
  private final Map<PackId, Boolean> known = new ConcurrentHashMap<>();

  ReadablePacks(ObjectStore store) {
    this.store = store;
    archive = store.capabilities().tiers().contains(ObjectTier.ARCHIVE);
  }

  /** True also for a pack that is not there, whose reader will say so. */
  boolean has(PackId pack) {
    return !archive || known.computeIfAbsent(pack, this::ask);
  }

  private boolean ask(PackId pack) {
    try {
      return store.tierState(pack.objectName()).readable();
    } catch (SendenseException e) {
      if (StoreFailure.isMissing(e)) {
        return true;
      }
      throw e;
    }
  }
}
