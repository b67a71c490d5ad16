package io.sendense.simulation;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.retention.RetentionPlan;
import io.sendense.engine.retention.RetentionPolicy;
import io.sendense.engine.retention.RetentionRun;
import io.sendense.engine.retention.Rule;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RestorePoint;
import io.sendense.repository.spi.ObjectName;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What keeps points and lets them go: deletions, retention and holds, as a person orders them. */
final class Keeping {
  private final World world;

  Keeping(World world) {
    this.world = world;
  }

  void delete(Attempt attempt, Site site) {
    int count = 1 + attempt.random().nextInt(2);
    try (Repository repository = attempt.open(site)) {
      for (int i = 0; i < count; i++) {
        Optional<PointId> id = Jobs.anyPromised(attempt, site);
        if (id.isPresent()) {
          delete(site, repository, id.get());
        }
      }
    }
  }

  private void delete(Site site, Repository repository, PointId id) {
    Ledger.Promise promise = site.ledger.find(id).orElseThrow();
    boolean heldBefore = site.ledger.held().contains(id);
    boolean mayRefuse = isGuarded(site, id);
    site.ledger.deleting(id);
    try {
      repository.deletePoint(id, "by chance");
    } catch (SendenseException e) {
      if (e.code() != ErrorCode.STORE_LOCKED) {
        throw e;
      }
      if (!mayRefuse) {
        throw new AssertionError("deleting " + id + " is refused without a reason", e);
      }
      site.ledger.notDeleted(id, promise);
      world.coverage().reach("delete refused");
      return;
    }
    if (heldBefore) {
      throw new AssertionError("a held point was deleted: " + id);
    }
    site.ledger.deleted(id);
    world.coverage().reach("delete");
  }

  /** By the store's own word, before anybody asked the product. */
  private static boolean isGuarded(Site site, PointId id) {
    ObjectName point = new ObjectName("points/" + id);
    return site.memory.stat(new ObjectName("holds/" + id)).isPresent()
        || (site.memory.stat(point).isPresent()
            && site.memory.lockState(point).refusesDeletion(site.clock.instant()));
  }

  void retain(Attempt attempt, Site site) {
    RetentionPolicy policy =
        RetentionPolicy.last(1 + attempt.random().nextInt(4), ZoneId.of("Europe/Berlin"))
            .with(Rule.DAILY, attempt.random().nextInt(3));
    Map<PointId, Ledger.Promise> before = new HashMap<>(site.ledger.promised());
    try (Repository repository = attempt.open(site)) {
      Map<String, RestorePoint> newest = new HashMap<>();
      repository.points().forEach(point -> newest.put(point.vm(), point));
      RetentionPlan plan =
          RetentionRun.run(repository, policy, Optional.empty(), true, "dry").plan();
      plan.going().forEach(d -> site.ledger.deleting(PointId.parse(d.point().id())));
      RetentionRun.Result result =
          RetentionRun.run(repository, policy, Optional.empty(), false, "policy");
      for (RetentionPlan.Decision decision : plan.going()) {
        PointId id = PointId.parse(decision.point().id());
        if (result.deleted().contains(id)) {
          site.ledger.deleted(id);
        } else if (before.containsKey(id)) {
          site.ledger.notDeleted(id, before.getOrDefault(id, new Ledger.Promise("", Map.of())));
        }
      }
      for (PointId id : result.deleted()) {
        site.ledger.deleted(id);
        // With others at work a newer one may have come since it was listed.
        boolean newestOne =
            !attempt.mayLose() && newest.values().stream().anyMatch(point -> point.id().equals(id));
        if (site.ledger.held().contains(id) || newestOne) {
          throw new AssertionError("retention deleted a held point or a newest one: " + id);
        }
      }
      world.coverage().reach(result.deleted().isEmpty() ? "retain nothing goes" : "retain");
    }
  }

  void hold(Attempt attempt, Site site) {
    Optional<PointId> id = Jobs.anyPromised(attempt, site);
    if (id.isPresent()) {
      try (Repository repository = attempt.open(site)) {
        if (!site.memory.capabilities().legalHold()) {
          attempt.allow(ErrorCode.STORE_UNSUPPORTED);
        }
        repository.hold(id.get(), "a court");
        site.ledger.hold(id.get());
        world.coverage().reach("hold");
      }
    }
  }

  void release(Attempt attempt, Site site) {
    Optional<PointId> id = site.ledger.held().stream().findFirst();
    if (id.isPresent()) {
      // From here on nobody can say whether it is held.
      site.ledger.release(id.get());
      try (Repository repository = attempt.open(site)) {
        repository.release(id.get());
        world.coverage().reach("release");
      }
    }
  }
}
