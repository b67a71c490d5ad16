package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the indexes of a repository say, loaded when first needed and then only what is new. Nothing
 * rests on its being complete: what it does not know is stored again. Thread-safe.
 */
final class KnownBlobs {
  private final ObjectStore store;
  private final Keys keys;
  private final long tableBytesMax;
  private final DamageMarks marks;

  private ChunkTable table;
  private final List<PackId> packs = new ArrayList<>();
  private final List<UUID> indexOfPack = new ArrayList<>();
  private final Set<PackId> covered = new HashSet<>();
  private final Set<UUID> loaded = new HashSet<>();
  private final Set<UUID> damaged = new HashSet<>();
  private final Map<UUID, UUID> replacedBy = new HashMap<>();
  private boolean everLoaded;
  private int marksSeen;

  /**
   * @param marks packs whose blobs count as not stored
   */
  KnownBlobs(ObjectStore store, Keys keys, long tableBytesMax, DamageMarks marks) {
    this.marks = marks;
    this.store = store;
    this.keys = keys;
    this.tableBytesMax = tableBytesMax;
    table = new ChunkTable(tableBytesMax);
  }

  /**
   * @param index the index object that names the place
   */
  record Hit(Location at, UUID index) {}

  /** Loads indexes that appeared since the last call; starts anew where one has gone. */
  synchronized void refresh() {
    everLoaded = true;
    marks.refresh();
    if (marks.size() != marksSeen) {
      marksSeen = marks.size();
      forget();
    }
    List<UUID> present = new ArrayList<>();
    store.list(IndexObject.FOLDER, found -> IndexObject.idOf(found.name()).ifPresent(present::add));
    if (!new HashSet<>(present).containsAll(loaded)) {
      forget();
    }
    for (UUID id : present) {
      if (!loaded.contains(id) && !damaged.contains(id)) {
        load(id);
      }
    }
  }

  /** Loads what is new where damage is recorded, whose replacement may be among it. */
  void refreshIfDamaged() {
    try {
      if (!marks.isEmpty()) {
        refresh();
      }
    } catch (SendenseException e) {
      // The point is made; whoever begins the next one loads it.
      return;
    }
  }

  synchronized @Nullable Hit find(byte[] id, int rawBytes) {
    ChunkTable.Found found = table.find(id);
    return found == null
        ? null
        : new Hit(
            new Location(packs.get(found.pack()), found.offset(), found.sealedField(), rawBytes),
            indexOfPack.get(found.pack()));
  }

  /** As {@link #find}, loading the indexes if nobody has yet. */
  synchronized @Nullable Hit findLoading(byte[] id, int rawBytes) {
    if (!everLoaded) {
      refresh();
    }
    return find(id, rawBytes);
  }

  synchronized List<UUID> indexIds() {
    return List.copyOf(loaded);
  }

  synchronized boolean covers(PackId pack) {
    return covered.contains(pack);
  }

  /** The index that stands for another today: itself, or what replaced it. */
  synchronized UUID current(UUID index) {
    UUID now = index;
    for (int i = 0; i < replacedBy.size(); i++) {
      UUID next = replacedBy.get(now);
      if (next == null) {
        break;
      }
      now = next;
    }
    return now;
  }

  private void load(UUID id) {
    ObjectName name = IndexObject.name(id);
    IndexObject index;
    try {
      index =
          IndexObject.decode(
              name, StoreReads.whole(store, name, IndexObject.BYTES_MAX), Optional.of(keys));
    } catch (SendenseException e) {
      if (!Damage.isContent(e)) {
        throw e;
      }
      // A damaged index costs deduplication only; verify reports it.
      damaged.add(id);
      return;
    }
    for (PackRecord pack : index.packs()) {
      int ordinal = packs.size();
      packs.add(pack.id());
      indexOfPack.add(id);
      covered.add(pack.id());
      if (marks.has(pack.id())) {
        continue;
      }
      for (PackEntry entry : pack.entries()) {
        Location at = entry.ref().at();
        table.put(entry.ref().id(), ordinal, at.offset(), at.sealedField());
      }
    }
    index.replaces().forEach(old -> replacedBy.put(old, id));
    loaded.add(id);
  }

  private void forget() {
    table = new ChunkTable(tableBytesMax);
    packs.clear();
    indexOfPack.clear();
    covered.clear();
    loaded.clear();
    replacedBy.clear();
  }
}
