package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoreFailure;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which packs can be read now, as the store tells: one question per pack, and none in a store
 * without an archive and with every index whole. Thread-safe.
 */
final class ReadablePacks {
  private final ObjectStore store;
  private final boolean archive;
  private final boolean doubt;
  private final Map<PackId, Boolean> known = new ConcurrentHashMap<>();

  ReadablePacks(ObjectStore store) {
    this(store, false);
  }

  /**
   * @param doubt whether what indexes name may be gone: one that cannot be read does not say which
   *     others it replaced
   */
  ReadablePacks(ObjectStore store, boolean doubt) {
    this.store = store;
    this.doubt = doubt;
    archive = store.capabilities().tiers().contains(ObjectTier.ARCHIVE);
  }

  /** Without doubt true also for a pack that is not there, whose reader will say so. */
  boolean has(PackId pack) {
    return !(archive || doubt) || known.computeIfAbsent(pack, this::ask);
  }

  private boolean ask(PackId pack) {
    try {
      if (doubt && store.stat(pack.objectName()).isEmpty()) {
        return false;
      }
      return !archive || store.tierState(pack.objectName()).readable();
    } catch (SendenseException e) {
      if (StoreFailure.isMissing(e)) {
        return true;
      }
      throw e;
    }
  }
}
