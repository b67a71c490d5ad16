package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoredObject;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Makes indexes again from the packs' own lists. Used once, by one thread. */
final class IndexRebuild {
  private final ObjectStore store;
  private final Keys keys;
  private final KnownBlobs known;
  private final IndexPublisher indexes;

  IndexRebuild(ObjectStore store, Keys keys, KnownBlobs known, SecureRandom random) {
    this.store = store;
    this.keys = keys;
    this.known = known;
    indexes = new IndexPublisher(store, keys, random);
  }

  /** Returns how many packs were indexed that no readable index named. */
  int run() {
    List<StoredObject> points = store.list(PointObject.FOLDER);
    known.refresh();
    List<StoredObject> packs = store.list(PackId.FOLDER);
    int added = 0;
    for (StoredObject pack : packs) {
      if (PackId.of(pack.name()).filter(id -> !known.covers(id)).isPresent()
          && index(pack, PackId.of(pack.name()).get())) {
        added++;
      }
    }
    indexes.flush();
    // Last, so that a crash before leaves the points' indexes told as missing.
    List<UUID> lost = lost(points);
    if (!lost.isEmpty()) {
      indexes.publishReplacing(lost);
    }
    known.refresh();
    return added;
  }

  private boolean index(StoredObject pack, PackId id) {
    if (pack.lengthBytes() > PackBuilder.PACK_BYTES_MAX) {
      return false;
    }
    int length = (int) pack.lengthBytes();
    try {
      List<PackEntry> entries = PackList.read(store, keys, id, length);
      byte[] checksum = new byte[Envelope.CHECKSUM_BYTES];
      StoreReads.range(store, pack.name(), length - checksum.length, checksum, checksum.length);
      indexes.add(new PackRecord(id, length, checksum, entries));
      return true;
    } catch (SendenseException e) {
      if (!Damage.isContent(e)) {
        throw e;
      }
      // A damaged pack is what verify tells of; the others are indexed.
      return false;
    }
  }

  /** Indexes that points rely on and that neither are there nor were replaced. */
  private List<UUID> lost(List<StoredObject> points) {
    Set<UUID> present = new HashSet<>(known.indexIds());
    Set<UUID> lost = new HashSet<>();
    for (StoredObject point : points) {
      try {
        byte[] bytes = StoreReads.whole(store, point.name(), PointObject.BYTES_MAX);
        for (UUID index : PointObject.indexes(point.name(), bytes)) {
          if (!present.contains(known.current(index))) {
            lost.add(index);
          }
        }
      } catch (SendenseException e) {
        if (!Damage.isContent(e)) {
          throw e;
        }
      }
    }
    return lost.stream().sorted().toList();
  }
}
