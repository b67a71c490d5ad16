package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoredObject;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The packs that a verification found missing or damaged, as the repository itself remembers them.
 * What lies in one of them counts as not stored: writers store it again, and a healer moves it to a
 * new pack. Reading may still try it. Thread-safe.
 */
final class DamageMarks {
  private final ObjectStore store;
  private final Keys keys;
  private final SecureRandom random;
  private final Set<UUID> loaded = new HashSet<>();
  private final Set<PackId> packs = new HashSet<>();

  DamageMarks(ObjectStore store, Keys keys, SecureRandom random) {
    this.store = store;
    this.keys = keys;
    this.random = random;
  }

  /** Loads what is new. */
  synchronized void refresh() {
    for (StoredObject object : store.list(DamageObject.FOLDER)) {
      Optional<UUID> id = DamageObject.idOf(object.name());
      if (id.isPresent() && loaded.add(id.get())) {
        load(object.name());
      }
    }
  }

  synchronized boolean has(PackId pack) {
    return packs.contains(pack);
  }

  synchronized boolean isEmpty() {
    return packs.isEmpty();
  }

  /** How many packs; it only grows. */
  synchronized int size() {
    return packs.size();
  }

  /** Remembers packs, durably; returns how many of them were not known as damaged before. */
  synchronized int mark(Collection<PackId> found) {
    refresh();
    List<PackId> fresh = found.stream().filter(pack -> !packs.contains(pack)).distinct().toList();
    for (int from = 0; from < fresh.size(); from += DamageObject.PACKS_MAX) {
      UUID id = IndexPublisher.randomId(random);
      List<PackId> part =
          fresh.subList(from, Math.min(fresh.size(), from + DamageObject.PACKS_MAX));
      byte[] content = new DamageObject(id, part).encode(keys, IndexPublisher.salt(random));
      IndexPublisher.putAndReadBack(store, DamageObject.name(id), content);
      loaded.add(id);
      packs.addAll(part);
    }
    return fresh.size();
  }

  private void load(ObjectName name) {
    try {
      byte[] bytes = StoreReads.whole(store, name, DamageObject.BYTES_MAX);
      packs.addAll(DamageObject.decode(name, bytes, Optional.of(keys)).packs());
    } catch (SendenseException e) {
      // The next verification finds the damage again and records it anew.
      if (!Damage.isContent(e)) {
        throw e;
      }
    }
  }
}
