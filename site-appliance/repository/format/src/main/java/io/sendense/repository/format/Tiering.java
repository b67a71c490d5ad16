package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.TierState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Moves the data of old points to cheaper tiers, and back where younger points turn out to need it.
 * A pack goes down only when every point that needs it is old enough; the newest point of a machine
 * is never archived, because the next one inherits from it; packs that hold nodes of trees stay, so
 * that what a point needs can always be told. Used once, by one thread.
 */
final class Tiering {
  private final ObjectStore store;
  private final SealedRepository repository;

  Tiering(ObjectStore store, SealedRepository repository) {
    this.store = store;
    this.repository = repository;
  }

  TierReport run(
      TierPolicy policy, Set<PointId> keepReadable, boolean dryRun, Cancellation cancellation) {
    require(policy.coolAfter().isPresent(), ObjectTier.COOL);
    require(policy.archiveAfter().isPresent(), ObjectTier.ARCHIVE);
    List<TierReport.PointTier> points = points(policy, keepReadable);
    NeededPacks needed = needed();
    for (TierReport.PointTier each : points) {
      cancellation.check();
      load(each.point().id(), needed, each.tier());
    }
    Moves moves = new Moves(needed, dryRun);
    needed
        .chunks()
        .forEach(
            (pack, tier) -> {
              cancellation.check();
              moves.settle(pack, tier);
            });
    return new TierReport(points, moves.cooled, moves.archived, moves.recalled, moves.kept);
  }

  Recall recall(PointId id, boolean ask) {
    if (!store.capabilities().tiers().contains(ObjectTier.ARCHIVE)) {
      return new Recall(0, 0, 0, 0);
    }
    NeededPacks needed = needed();
    needed.add(repository.load(id), ObjectTier.HOT);
    Set<PackId> packs = new HashSet<>(needed.chunks().keySet());
    packs.addAll(needed.nodes());
    int archived = 0;
    int underWay = 0;
    long bytes = 0;
    for (PackId pack : packs) {
      TierState state = state(pack);
      if (state.readable()) {
        continue;
      }
      boolean asked = state.rehydrating();
      if (!asked && ask) {
        store.moveTo(pack.objectName(), ObjectTier.HOT);
        asked = true;
      }
      archived += asked ? 0 : 1;
      underWay += asked ? 1 : 0;
      bytes += needed.length(pack);
    }
    return new Recall(packs.size(), archived, underWay, bytes);
  }

  private NeededPacks needed() {
    return new NeededPacks(store, repository.blobs(), repository.known());
  }

  /** All points, those that ask for the highest tier first. */
  private List<TierReport.PointTier> points(TierPolicy policy, Set<PointId> keepReadable) {
    List<TierReport.PointTier> tiers = new ArrayList<>();
    List<RestorePoint> all = repository.points();
    for (int i = 0; i < all.size(); i++) {
      RestorePoint point = all.get(i);
      boolean newest = i + 1 == all.size() || !all.get(i + 1).vm().equals(point.vm());
      boolean readable = newest || keepReadable.contains(point.id());
      tiers.add(
          new TierReport.PointTier(
              point, policy.of(point, repository.environment().clock().instant(), readable)));
    }
    tiers.sort(Comparator.comparing(TierReport.PointTier::tier));
    return tiers;
  }

  private void load(PointId id, NeededPacks needed, ObjectTier tier) {
    PointObject point;
    try {
      point = repository.load(id);
    } catch (SendenseException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        // Deleted since it was listed: it needs nothing any more.
        return;
      }
      throw e;
    }
    needed.add(point, tier);
  }

  private void require(boolean wanted, ObjectTier tier) {
    if (wanted && !store.capabilities().tiers().contains(tier)) {
      throw StoreFailure.unsupported(store.describe(), "the tier " + tier);
    }
  }

  private TierState state(PackId pack) {
    try {
      return store.tierState(pack.objectName());
    } catch (SendenseException e) {
      if (StoreFailure.isMissing(e)) {
        // That it is missing is for verify to say.
        return TierState.online(ObjectTier.HOT);
      }
      throw e;
    }
  }

  private final class Moves {
    private final NeededPacks needed;
    private final boolean dryRun;
    private TierReport.Packs cooled = TierReport.Packs.NONE;
    private TierReport.Packs archived = TierReport.Packs.NONE;
    private TierReport.Packs recalled = TierReport.Packs.NONE;
    private TierReport.Packs kept = TierReport.Packs.NONE;

    Moves(NeededPacks needed, boolean dryRun) {
      this.needed = needed;
      this.dryRun = dryRun;
    }

    void settle(PackId pack, ObjectTier wanted) {
      if (wanted != ObjectTier.HOT && needed.nodes().contains(pack)) {
        kept = kept.with(needed.length(pack));
        return;
      }
      TierState state = state(pack);
      if (state.rehydrating()) {
        return;
      }
      if (wanted.compareTo(state.tier()) > 0) {
        move(pack, wanted);
        if (wanted == ObjectTier.ARCHIVE) {
          archived = archived.with(needed.length(pack));
        } else {
          cooled = cooled.with(needed.length(pack));
        }
      } else if (!state.readable() && wanted != ObjectTier.ARCHIVE) {
        move(pack, ObjectTier.HOT);
        recalled = recalled.with(needed.length(pack));
      }
    }

    private void move(PackId pack, ObjectTier tier) {
      if (!dryRun) {
        store.moveTo(pack.objectName(), tier);
      }
    }
  }
}
