package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Blobs that one writer may use although no index names them yet: those it stored itself, and those
 * of packs that a crashed writer left behind, each such pack read in full before its first use.
 * Thread-safe.
 */
final class OwnBlobs {
  private final ObjectStore store;
  private final CodecPool codecs;
  private final IndexPublisher indexes;
  private final ChunkTable table;
  private final List<PackId> packs = new ArrayList<>();
  private final Map<PackId, Integer> ordinals = new HashMap<>();
  private final Map<PackId, Integer> foundLengths = new HashMap<>();
  private final Set<PackId> refused = new HashSet<>();

  OwnBlobs(ObjectStore store, CodecPool codecs, IndexPublisher indexes, long tableBytesMax) {
    this.store = store;
    this.codecs = codecs;
    this.indexes = indexes;
    table = new ChunkTable(tableBytesMax);
  }

  synchronized void stored(Ref ref) {
    put(ref);
  }

  /** Notes the blobs of a pack left behind; false where its list cannot be read. */
  synchronized boolean leftBehind(PackId pack, long lengthBytes) {
    if (lengthBytes > PackBuilder.PACK_BYTES_MAX || lengthBytes <= Envelope.HEADER_BYTES) {
      return false;
    }
    try {
      int length = (int) lengthBytes;
      for (PackEntry entry : PackList.read(store, codecs.keys(), pack, length)) {
        put(entry.ref());
      }
      foundLengths.put(pack, length);
      return true;
    } catch (SendenseException e) {
      if (!Damage.isContent(e)) {
        throw e;
      }
      // A pack cut short by the crash, or one that is gone again: nothing to reuse.
      return false;
    }
  }

  synchronized @Nullable Location find(byte[] id, int rawBytes) {
    ChunkTable.Found found = table.find(id);
    if (found == null) {
      return null;
    }
    PackId pack = packs.get(found.pack());
    return refused.contains(pack) || !proved(pack)
        ? null
        : new Location(pack, found.offset(), found.sealedField(), rawBytes);
  }

  private void put(Ref ref) {
    Location at = ref.at();
    int ordinal =
        ordinals.computeIfAbsent(
            at.pack(),
            pack -> {
              packs.add(pack);
              return packs.size() - 1;
            });
    table.put(ref.id(), ordinal, at.offset(), at.sealedField());
  }

  /** Reads a pack left behind in full, once, and hands it to the index. */
  private boolean proved(PackId pack) {
    Integer length = foundLengths.remove(pack);
    if (length == null) {
      return true;
    }
    BlobCodec codec = codecs.borrow();
    try {
      byte[] bytes = new byte[length];
      StoreReads.range(store, pack.objectName(), 0, bytes, length);
      PackContent content = PackContent.parse(codec, codecs.keys(), pack, bytes, length);
      if (content.damagedBlobs(codec).isEmpty()) {
        indexes.add(content.packRecord());
        return true;
      }
    } catch (SendenseException e) {
      if (!Damage.isContent(e)) {
        throw e;
      }
    } finally {
      codecs.giveBack(codec);
    }
    refused.add(pack);
    return false;
  }
}
