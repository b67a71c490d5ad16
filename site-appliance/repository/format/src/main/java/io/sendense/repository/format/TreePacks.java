package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The packs that trees rest on: the one a node names, or where that is not covered any more, or is
 * recorded as damaged, the one the indexes say. Not thread-safe.
 */
final class TreePacks {
  /**
   * A pack that something rests on.
   *
   * @param named the one that the tree names and that is looked into first, where the indexes leave
   *     it out: it may be gone, or a lock keeps it
   */
  record Rest(PackId pack, Optional<PackId> named) {}

  private final BlobSource blobs;
  private final KnownBlobs known;
  private final Set<Rest> packs = new LinkedHashSet<>();
  private final Set<PackId> standIns = new LinkedHashSet<>();
  private final Set<Location> walked = new HashSet<>();
  private final Set<Location> walkedInstead = new HashSet<>();
  private final Map<PackId, Boolean> reliable = new HashMap<>();

  TreePacks(BlobSource blobs, KnownBlobs known) {
    this.blobs = blobs;
    this.known = known;
  }

  /** Adds those of a point that were not met in an earlier one, in the order of its trees. */
  Set<Rest> add(PointObject point) {
    packs.clear();
    point.tops().forEach(top -> top.ifPresent(ref -> walk(ref, false)));
    return new LinkedHashSet<>(packs);
  }

  /** Packs in which something lies that was named in one recorded as damaged. */
  Set<PackId> standIns() {
    return standIns;
  }

  /**
   * @param below whether a node above was read in another's place, so that all below is named there
   */
  private void walk(Ref ref, boolean below) {
    note(ref, below);
    boolean instead = below || known.isLeft(ref);
    if (!(instead ? walkedInstead : walked).add(ref.at())) {
      return;
    }
    Node node;
    try {
      node = blobs.node(ref);
    } catch (SendenseException e) {
      if (!Damage.isContent(e) || !known.isLeft(ref)) {
        throw e;
      }
      // Recorded as damaged: nothing can rest on what is below.
      return;
    }
    for (int place = 0; place < Node.FANOUT; place++) {
      @Nullable Ref child = node.child(place);
      if (child != null && node.level() > 0) {
        walk(child, instead);
      } else if (child != null) {
        note(child, instead);
      }
    }
  }

  private void note(Ref ref, boolean instead) {
    PackId pack = ref.at().pack();
    boolean relied = reliable.computeIfAbsent(pack, p -> known.covers(p) && !known.isDamaged(p));
    @Nullable Ref other = relied ? null : blobs.elsewhere(ref);
    if (other == null) {
      packs.add(new Rest(pack, Optional.empty()));
      if (instead) {
        standIns.add(pack);
      }
    } else {
      Optional<PackId> named = Optional.of(pack).filter(p -> !known.isDamaged(p));
      packs.add(new Rest(other.at().pack(), named));
      if (instead || named.isEmpty()) {
        standIns.add(other.at().pack());
      }
    }
  }
}
