package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** The indexes of a listing and which of them count. Not thread-safe. */
final class IndexSurvey {
  /**
   * One readable index, without its packs.
   *
   * @param late stored too late to count
   * @param packs how many it names
   */
  record Index(UUID id, StoredObject object, boolean late, List<UUID> replaces, int packs) {}

  private final ObjectStore store;
  private final Keys keys;
  private final Map<UUID, Index> indexes = new HashMap<>();
  private final List<StoredObject> damaged = new ArrayList<>();

  /** When each replaced index was first replaced. */
  private final Map<UUID, Instant> replacedAt = new HashMap<>();

  /** Lists and reads the indexes. */
  IndexSurvey(ObjectStore store, Keys keys) {
    this.store = store;
    this.keys = keys;
    for (StoredObject object : store.list(IndexObject.FOLDER)) {
      IndexObject.idOf(object.name()).ifPresent(id -> survey(id, object));
    }
    for (Index index : indexes.values()) {
      if (!index.late()) {
        Instant at = index.object().storedAt();
        index.replaces().forEach(old -> replacedAt.merge(old, at, IndexSurvey::earlier));
      }
    }
  }

  List<Index> effective() {
    return select(index -> !index.late() && !replacedAt.containsKey(index.id()));
  }

  List<Index> replaced() {
    return select(index -> !index.late() && replacedAt.containsKey(index.id()));
  }

  List<Index> late() {
    return select(Index::late);
  }

  /** When an index was replaced; empty for one that was not. */
  Optional<Instant> replacedAt(UUID index) {
    return Optional.ofNullable(replacedAt.get(index));
  }

  boolean isThere(UUID index) {
    return indexes.containsKey(index);
  }

  /** Those that cannot be read. */
  List<StoredObject> damaged() {
    return damaged;
  }

  /** Reads one with its packs and blobs; nothing where it has gone since it was listed. */
  void read(Index index, Consumer<PackRecord> visitor) {
    IndexObject content;
    try {
      byte[] bytes = StoreReads.whole(store, index.object().name(), IndexObject.BYTES_MAX);
      content = IndexObject.decode(index.object().name(), bytes, Optional.of(keys));
    } catch (SendenseException e) {
      if (StoreFailure.isMissing(e)) {
        return;
      }
      throw e;
    }
    content.packs().forEach(visitor);
  }

  private void survey(UUID id, StoredObject object) {
    try {
      byte[] bytes = StoreReads.whole(store, object.name(), IndexObject.BYTES_MAX);
      IndexObject index = IndexObject.decode(object.name(), bytes, Optional.of(keys));
      boolean late = index.isLate(object.storedAt());
      indexes.put(id, new Index(id, object, late, index.replaces(), index.packs().size()));
    } catch (SendenseException e) {
      if (StoreFailure.isMissing(e)) {
        // Gone since it was listed: another collector saw that it names nothing uncovered.
        return;
      }
      if (!Damage.isContent(e)) {
        throw e;
      }
      damaged.add(object);
    }
  }

  private List<Index> select(java.util.function.Predicate<Index> wanted) {
    return indexes.values().stream()
        .filter(wanted)
        .sorted((a, b) -> a.object().name().compareTo(b.object().name()))
        .toList();
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
