package io.sendense.repository.format;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The packs that trees lie in: the one a node names, or where that is not covered any more the one
 * the indexes say. Not thread-safe.
 */
final class TreePacks {
  private final BlobSource blobs;
  private final KnownBlobs known;
  private final Set<PackId> packs = new HashSet<>();
  private final Set<Location> walked = new HashSet<>();
  private final Map<PackId, Boolean> covered = new HashMap<>();

  TreePacks(BlobSource blobs, KnownBlobs known) {
    this.blobs = blobs;
    this.known = known;
  }

  /** Adds those of a point that were not met in an earlier one. */
  Set<PackId> add(PointObject point) {
    packs.clear();
    point.tops().forEach(top -> top.ifPresent(this::walk));
    return Set.copyOf(packs);
  }

  private void walk(Ref ref) {
    note(ref);
    if (!walked.add(ref.at())) {
      return;
    }
    Node node = blobs.node(ref);
    for (int place = 0; place < Node.FANOUT; place++) {
      @Nullable Ref child = node.child(place);
      if (child != null && node.level() > 0) {
        walk(child);
      } else if (child != null) {
        note(child);
      }
    }
  }

  private void note(Ref ref) {
    PackId pack = ref.at().pack();
    if (covered.computeIfAbsent(pack, known::covers)) {
      packs.add(pack);
      return;
    }
    Ref other = blobs.elsewhere(ref);
    packs.add(other == null ? pack : other.at().pack());
  }
}
