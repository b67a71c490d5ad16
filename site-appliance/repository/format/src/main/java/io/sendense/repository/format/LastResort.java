package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a blob may still be read that is neither at the place it is named at nor where an effective
 * index says: in packs recorded as damaged, and in packs that no index in force names, because a
 * collector condemned them or because the index that named them cannot be read. For reading only:
 * nothing that is sealed may rely on it. Costs nothing until something is missing, then a listing
 * and each such pack's own list, once for each state of the indexes. Thread-safe.
 */
final class LastResort {
  /** Few packs are of this kind; of more the rest is left to whoever makes the indexes again. */
  private static final int PACKS_MAX = 1 << 16;

  /** In so many packs a blob is looked for. */
  private static final int LAYERS = 4;

  private final ObjectStore store;
  private final Keys keys;
  private final KnownBlobs known;
  private final long tableBytesMax;
  private final List<PackId> packs = new ArrayList<>();
  private final List<ChunkTable> layers = new ArrayList<>();
  private long loadedAt = -1;

  LastResort(ObjectStore store, Keys keys, KnownBlobs known, long tableBytesMax) {
    this.store = store;
    this.keys = keys;
    this.known = known;
    this.tableBytesMax = tableBytesMax;
  }

  /**
   * Places to try in turn, of which any may be gone or damaged: whoever reads there must see the
   * blob proved.
   *
   * @throws SendenseException the store's own failures
   */
  synchronized List<Location> places(byte[] id, int rawBytes) {
    if (loadedAt != known.changes()) {
      long changes = known.changes();
      load();
      // Not before: where the store failed meanwhile, the next who asks reads it again.
      loadedAt = changes;
    }
    List<Location> places = new ArrayList<>();
    for (ChunkTable layer : layers) {
      ChunkTable.@Nullable Found found = layer.find(id);
      if (found != null) {
        PackId pack = packs.get(found.pack());
        places.add(new Location(pack, found.offset(), found.sealedField(), rawBytes));
      }
    }
    KnownBlobs.@Nullable Hit doubted = known.findDoubted(id, rawBytes);
    if (doubted != null && !places.contains(doubted.at())) {
      places.add(doubted.at());
    }
    return places;
  }

  private void load() {
    packs.clear();
    layers.clear();
    Map<PackId, Long> lengths = new LinkedHashMap<>();
    store.list(
        PackId.FOLDER,
        object ->
            PackId.of(object.name())
                .filter(pack -> known.isDamaged(pack) || !known.covers(pack))
                .filter(pack -> lengths.size() < PACKS_MAX)
                .ifPresent(pack -> lengths.put(pack, object.lengthBytes())));
    // What nobody doubts comes first.
    lengths.forEach((pack, length) -> load(pack, length, false));
    lengths.forEach((pack, length) -> load(pack, length, true));
  }

  private void load(PackId pack, long length, boolean doubted) {
    if (known.isDamaged(pack) != doubted || length > PackBuilder.PACK_BYTES_MAX) {
      return;
    }
    try {
      List<PackEntry> entries = PackList.read(store, keys, pack, (int) length);
      packs.add(pack);
      entries.forEach(entry -> put(entry.ref(), packs.size() - 1));
    } catch (SendenseException e) {
      // One in an archive has to be brought back before anybody can tell what is in it.
      if (!Damage.isContent(e) && e.code() != ErrorCode.STORE_ARCHIVED) {
        throw e;
      }
    }
  }

  private void put(Ref ref, int pack) {
    for (ChunkTable layer : layers) {
      if (layer.find(ref.id()) == null) {
        layer.put(ref.id(), pack, ref.at().offset(), ref.at().sealedField());
        return;
      }
    }
    if (layers.size() < LAYERS) {
      ChunkTable layer = new ChunkTable(tableBytesMax / LAYERS);
      layers.add(layer);
      layer.put(ref.id(), pack, ref.at().offset(), ref.at().sealedField());
    }
  }
}
