package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the effective indexes of a repository say, loaded when first needed and then only what is
 * new. For finding duplicates nothing rests on its being complete: what it does not know is stored
 * again. So of a repository too large for the table the newest indexes fill it, and of the others
 * only the names of their packs are kept. Thread-safe.
 */
final class KnownBlobs {
  private static final UUID NO_INDEX = new UUID(0, 0);

  private final ObjectStore store;
  private final Keys keys;
  private final long tableBytesMax;
  private final DamageMarks marks;

  private ChunkTable table;

  /** Blobs that collectors moved and what only late indexes name: for reading, never for reuse. */
  private ChunkTable moved;

  /** Blobs in packs recorded as damaged: a last resort of readers. */
  private ChunkTable doubted;

  private final List<PackId> packs = new ArrayList<>();
  private final List<UUID> indexOfPack = new ArrayList<>();
  private final PackSet covered = new PackSet();
  private final Set<UUID> loaded = new HashSet<>();
  private final Set<UUID> late = new HashSet<>();
  private final Set<UUID> damaged = new HashSet<>();
  private final Map<UUID, UUID> replacedBy = new HashMap<>();
  private boolean everLoaded;
  private boolean full;

  /** From then on only what packs there are is taken from an index, not what is in them. */
  private volatile boolean tableFull;

  private int marksSeen;
  private long changes;

  /**
   * @param marks packs whose blobs count as not stored
   */
  KnownBlobs(ObjectStore store, Keys keys, long tableBytesMax, DamageMarks marks) {
    this.marks = marks;
    this.store = store;
    this.keys = keys;
    this.tableBytesMax = tableBytesMax;
    table = new ChunkTable(tableBytesMax);
    moved = new ChunkTable(tableBytesMax);
    doubted = new ChunkTable(tableBytesMax);
  }

  /**
   * @param index the index object that names the place
   */
  record Hit(Location at, UUID index) {}

  private record Present(UUID id, StoredObject object) {}

  /**
   * Loads indexes that appeared since the last call; starts anew where one that counted is gone.
   */
  synchronized void refresh() {
    everLoaded = true;
    marks.refresh();
    if (marks.size() != marksSeen) {
      marksSeen = marks.size();
      forget();
    }
    // A second round where an index went between listing and reading, a third where it went again.
    for (int round = 0; round < 3 && !load(present()); round++) {
      forget();
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
    Hit hit = hit(table.find(id), rawBytes);
    return hit != null ? hit : reusable(hit(moved.find(id), rawBytes));
  }

  /** A place to read a blob from, also one that writers may not rely on; loads what is needed. */
  synchronized @Nullable Hit findLoading(byte[] id, int rawBytes) {
    if (!everLoaded) {
      refresh();
    }
    Hit hit = hit(moved.find(id), rawBytes);
    hit = hit != null ? hit : hit(table.find(id), rawBytes);
    return hit == null && full ? IndexSearch.find(store, keys, marks, loaded, id) : hit;
  }

  /** Where a pack recorded as damaged has a blob. */
  synchronized @Nullable Hit findDoubted(byte[] id, int rawBytes) {
    return hit(doubted.find(id), rawBytes);
  }

  /** Whether what a place names is left: it, or what was moved from it, is recorded as damaged. */
  synchronized boolean isLeft(Ref ref) {
    PackId pack = ref.at().pack();
    return marks.has(pack) || (!covered.contains(pack) && doubted.find(ref.id()) != null);
  }

  /** Goes up whenever more or less is known than before. */
  synchronized long changes() {
    return changes;
  }

  /** The effective indexes. */
  synchronized List<UUID> indexIds() {
    return List.copyOf(loaded);
  }

  /** The indexes that are there and cannot be read. */
  synchronized List<UUID> damagedIds() {
    return damaged.stream().filter(id -> !replacedBy.containsKey(id)).sorted().toList();
  }

  /** Whether any pack is recorded as damaged. */
  boolean hasDamage() {
    return !marks.isEmpty();
  }

  /** Whether the pack is recorded as damaged. */
  boolean isDamaged(PackId pack) {
    return marks.has(pack);
  }

  /** Whether an effective index names the pack. */
  synchronized boolean covers(PackId pack) {
    return covered.contains(pack);
  }

  /**
   * Notes where else blobs may be read; writers do not reuse them. Forgotten when it starts anew.
   */
  synchronized void learn(PackId pack, List<PackEntry> entries) {
    add(NO_INDEX, new PackRecord(pack, 0, new byte[0], entries), true);
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

  private List<Present> present() {
    List<Present> present = new ArrayList<>();
    store.list(
        IndexObject.FOLDER,
        found ->
            IndexObject.idOf(found.name()).ifPresent(id -> present.add(new Present(id, found))));
    // The newest first: what replaces others is then known before them, and they need no reading.
    present.sort((a, b) -> b.object().storedAt().compareTo(a.object().storedAt()));
    return present;
  }

  /** False where the world changed in a way that calls for starting anew. */
  private boolean load(List<Present> present) {
    Set<UUID> ids = new HashSet<>();
    present.forEach(p -> ids.add(p.id()));
    replacedBy.values().retainAll(ids);
    damaged.retainAll(ids);
    if (!ids.containsAll(loaded)) {
      forget();
    }
    List<StoredObject> wanted =
        present.stream().filter(p -> !settled(p.id())).map(Present::object).toList();
    try (IndexFetch fetch = new IndexFetch(store, keys, wanted, () -> tableFull)) {
      for (Present p : present) {
        if (!settled(p.id()) && !load(p, fetch)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean settled(UUID id) {
    return loaded.contains(id)
        || late.contains(id)
        || damaged.contains(id)
        || replacedBy.containsKey(id);
  }

  /** False where the index is gone or replaces one that was loaded. */
  private boolean load(Present p, IndexFetch fetch) {
    IndexObject index;
    changes++;
    try {
      index = fetch.take(p.object());
    } catch (SendenseException e) {
      if (StoreFailure.isMissing(e)) {
        return false;
      }
      if (!Damage.isContent(e)) {
        throw e;
      }
      // A damaged index costs deduplication only; verify reports it.
      damaged.add(p.id());
      return true;
    }
    boolean isLate = index.isLate(p.object().storedAt());
    (isLate ? late : loaded).add(p.id());
    if (!isLate) {
      index.replaces().forEach(old -> replacedBy.put(old, p.id()));
    }
    index.packs().forEach(pack -> add(p.id(), pack, isLate));
    return isLate || index.replaces().stream().noneMatch(loaded::contains);
  }

  private void add(UUID index, PackRecord pack, boolean isLate) {
    if (!isLate) {
      covered.add(pack.id());
    }
    boolean apart = isLate || Collector.isCollectors(pack.id().writer());
    boolean doubtful = marks.has(pack.id());
    if (tableFull && !apart && !doubtful) {
      return;
    }
    int ordinal = packs.size();
    packs.add(pack.id());
    indexOfPack.add(index);
    ChunkTable into = doubtful ? doubted : apart ? moved : table;
    for (PackEntry entry : pack.entries()) {
      Location at = entry.ref().at();
      if (!into.put(entry.ref().id(), ordinal, at.offset(), at.sealedField())) {
        full |= !doubtful;
        tableFull |= !apart && !doubtful;
      }
    }
  }

  private @Nullable Hit hit(ChunkTable.@Nullable Found found, int rawBytes) {
    return found == null
        ? null
        : new Hit(
            new Location(packs.get(found.pack()), found.offset(), found.sealedField(), rawBytes),
            indexOfPack.get(found.pack()));
  }

  private @Nullable Hit reusable(@Nullable Hit hit) {
    return hit == null || hit.index().equals(NO_INDEX) || late.contains(hit.index()) ? null : hit;
  }

  private void forget() {
    table = new ChunkTable(tableBytesMax);
    moved = new ChunkTable(tableBytesMax);
    doubted = new ChunkTable(tableBytesMax);
    changes++;
    full = false;
    tableFull = false;
    packs.clear();
    indexOfPack.clear();
    covered.clear();
    loaded.clear();
    late.clear();
  }
}
