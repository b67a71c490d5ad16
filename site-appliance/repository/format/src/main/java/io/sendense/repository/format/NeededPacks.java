package io.sendense.repository.format;

import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoredObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which packs the trees of points lead to, and how near at hand each must be. Points must be added
 * from the highest tier to the lowest: a subtree met before needs no second walk, so every node is
 * read once. Reads nodes only. Used by one thread.
 */
final class NeededPacks {
  private final BlobSource blobs;
  private final KnownBlobs known;
  private final Map<PackId, Long> lengths = new HashMap<>();
  private final Map<PackId, ObjectTier> chunks = new HashMap<>();
  private final Set<PackId> nodes = new HashSet<>();
  private final Set<Ref> walked = new HashSet<>();

  NeededPacks(ObjectStore store, BlobSource blobs, KnownBlobs known) {
    this.blobs = blobs;
    this.known = known;
    known.refresh();
    for (StoredObject found : store.list(PackId.FOLDER)) {
      PackId.of(found.name()).ifPresent(pack -> lengths.put(pack, found.lengthBytes()));
    }
  }

  void add(PointObject point, ObjectTier tier) {
    for (int i = 0; i < point.tops().size(); i++) {
      Optional<Ref> top = point.tops().get(i);
      if (top.isPresent()) {
        int height = TreeReader.height(point.point().disks().get(i).chunks());
        node(top.get(), height - 1, tier);
      }
    }
  }

  /** Packs that hold chunks, and the highest tier that a point asks of each. */
  Map<PackId, ObjectTier> chunks() {
    return chunks;
  }

  /** Packs that hold nodes, with or without chunks. */
  Set<PackId> nodes() {
    return nodes;
  }

  long length(PackId pack) {
    return lengths.getOrDefault(pack, 0L);
  }

  private void node(Ref ref, int level, ObjectTier tier) {
    if (!walked.add(ref)) {
      return;
    }
    nodes.add(pack(ref));
    Node node = blobs.uncachedNode(ref);
    for (int place = 0; place < Node.FANOUT; place++) {
      @Nullable Ref child = node.child(place);
      if (child != null && level > 0) {
        node(child, level - 1, tier);
      } else if (child != null) {
        chunks.merge(pack(child), tier, (a, b) -> a.compareTo(b) <= 0 ? a : b);
      }
    }
  }

  /** Where the blob lies: where the tree says, or where the indexes know better. */
  private PackId pack(Ref ref) {
    PackId named = ref.at().pack();
    if (lengths.containsKey(named)) {
      return named;
    }
    KnownBlobs.@Nullable Hit hit = known.findLoading(ref.id(), ref.at().rawBytes());
    if (hit != null) {
      return hit.at().pack();
    }
    return blobs.places(ref).stream()
        .map(Location::pack)
        .filter(lengths::containsKey)
        .findFirst()
        .orElse(named);
  }
}
