package io.sendense.simulation;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.BackupJob;
import io.sendense.engine.BackupReport;
import io.sendense.engine.Bandwidth;
import io.sendense.engine.CopyJob;
import io.sendense.engine.HealJob;
import io.sendense.engine.RehydrateJob;
import io.sendense.engine.RestoreJob;
import io.sendense.engine.TierJob;
import io.sendense.engine.VerifyJob;
import io.sendense.repository.format.CollectOptions;
import io.sendense.repository.format.CollectReport;
import io.sendense.repository.format.PointCopy;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RestorePoint;
import io.sendense.repository.format.TierPolicy;
import io.sendense.repository.format.VerifyOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** The real jobs, each run once as an actor, and what the model learns from their success. */
final class Jobs {
  private static final Duration BACK_FROM_ARCHIVE = Duration.ofHours(13);

  private final World world;

  Jobs(World world) {
    this.world = world;
  }

  void backUp(Attempt attempt, Machine machine) {
    try (Repository repository = attempt.open(world.near)) {
      BackupReport report =
          new BackupJob(attempt.context(), (vm, vms) -> {})
              .run(
                  machine.name,
                  new SimulatedSource(world, attempt, machine),
                  repository,
                  world.near.name);
      world.near.ledger.promise(report.point().id(), promised(report.point()));
      world.coverage().reach("backup " + report.mode().label());
      if (!attempt.host.state().jobs().notes(report.job(), "alarm").isEmpty()) {
        world.coverage().reach("a tracker's lie found");
      }
      if (!machine.leftBehind.isEmpty()) {
        throw new AssertionError("left on " + machine.name + ": " + machine.leftBehind);
      }
    }
  }

  private Ledger.Promise promised(RestorePoint point) {
    return world.capture(Judge.token(point));
  }

  void restore(Attempt attempt, Site site) {
    Optional<PointId> chosen = anyPromised(attempt, site);
    if (chosen.isEmpty()) {
      return;
    }
    Ledger.Promise promise = site.ledger.find(chosen.get()).orElseThrow();
    try (Repository repository = attempt.open(site)) {
      try {
        restore(attempt, site, repository, chosen.get(), promise);
      } catch (SendenseException e) {
        if (e.code() != ErrorCode.STORE_ARCHIVED || !site.tiered) {
          throw e;
        }
        new RehydrateJob(attempt.context()).run(repository, chosen.get(), Duration.ZERO, site.name);
        world.advance(BACK_FROM_ARCHIVE);
        world.coverage().reach("brought back from the archive");
        restore(attempt, site, repository, chosen.get(), promise);
      }
    }
  }

  private void restore(
      Attempt attempt, Site site, Repository repository, PointId id, Ledger.Promise promise) {
    SimulatedTarget target = new SimulatedTarget(attempt);
    List<Integer> all = IntStream.range(0, promise.disks().size()).boxed().toList();
    new RestoreJob(attempt.context())
        .run(repository, id, all, target, attempt.actor.name, site.name);
    Judge.same(site.name + " restore of " + id, promise, target.finished);
    world.coverage().reach("restore " + site.name);
  }

  void copy(Attempt attempt) {
    List<PointId> points = new ArrayList<>();
    int count = 1 + attempt.random().nextInt(3);
    for (int i = 0; i < count; i++) {
      anyPromised(attempt, world.near).filter(id -> !points.contains(id)).ifPresent(points::add);
    }
    if (points.isEmpty()) {
      return;
    }
    if (points.stream().anyMatch(world.far.ledger::isDoomed)) {
      attempt.allow(ErrorCode.NOT_FOUND, ErrorCode.ALREADY_EXISTS, ErrorCode.CONFLICT);
    }
    try (Repository from = attempt.open(world.near);
        Repository to = attempt.open(world.far)) {
      CopyJob.Report report =
          new CopyJob(attempt.context(), Bandwidth.UNLIMITED)
              .run(from, to, points, world.near.name, world.far.name);
      for (PointCopy.Result result : report.points()) {
        Ledger.Promise promise = promised(result.point());
        boolean again = world.far.ledger.isDeleted(result.point().id());
        if (again && attempt.mayLose()) {
          world.far.ledger.unsure(result.point().id());
        } else if (again) {
          world.coverage().reach("copied again after its deletion");
          world.far.ledger.promiseAgain(result.point().id(), promise);
        }
        world.far.ledger.promise(result.point().id(), promise);
      }
      world.coverage().reach("copy");
    }
  }

  void collect(Attempt attempt, Site site) {
    try (Repository repository = attempt.open(site)) {
      if (site.medium.isDamaged()) {
        attempt.allow(ErrorCode.STORE_DAMAGED, ErrorCode.STORE_OBJECT_MISSING);
      }
      note(
          repository.collect(
              CollectOptions.defaults()
                  .withScratch(world.scratch)
                  .withWantedPercent(attempt.random().nextInt(96))));
    }
  }

  void note(CollectReport report) {
    world.coverage().reach("collect");
    count("collect condemned", report.packsCondemned().count());
    count("collect rewrote", report.packsRewritten().count());
    count("collect deleted packs", report.packsDeleted().count());
    count("collect covered again", report.packsCovered());
    count("collect removed points", report.pointsRemoved());
    count("collect kept what is locked", report.kept().size());
  }

  private void count(String what, long count) {
    if (count > 0) {
      world.coverage().reach(what);
    }
  }

  void verify(Attempt attempt, Site site) {
    boolean damaged = site.medium.isDamaged();
    try (Repository repository = attempt.open(site)) {
      VerifyJob job = new VerifyJob(attempt.context());
      VerifyJob.Result result =
          switch (attempt.random().nextInt(3)) {
            case 0 -> job.run(repository, VerifyOptions.structure(), site.name);
            case 1 -> job.runPart(repository, 0, 3, site.name);
            default -> job.run(repository, VerifyOptions.everything(), site.name);
          };
      world.coverage().reach("verify");
      if (!damaged && !attempt.slept() && !result.report().whole()) {
        throw new AssertionError(
            "verify of " + site.name + " finds damage nobody made: " + result.report().findings());
      }
    }
  }

  void heal(Attempt attempt, Site site) {
    try (Repository repository = attempt.open(site)) {
      HealJob.Result result =
          new HealJob(attempt.context()).run(repository, Optional.empty(), site.name);
      count("packs of the dead indexed", result.packsIndexed());
      world.coverage().reach("heal");
    }
  }

  void rotate(Attempt attempt, Site site) {
    try (Repository repository = attempt.open(site)) {
      int epoch = repository.keys().rotate(site.secret);
      attempt.note("epoch " + epoch);
      world.coverage().reach("rotate key");
    }
  }

  void tier(Attempt attempt, Site site) {
    site.tiered = true;
    try (Repository repository = attempt.open(site)) {
      var report =
          new TierJob(attempt.context())
              .run(
                  repository,
                  new TierPolicy(Optional.of(Duration.ofDays(2)), Optional.of(Duration.ofDays(6))),
                  false,
                  site.name);
      world.coverage().reach("tier");
      count("tier archived", report.archived().count());
    }
  }

  static Optional<PointId> anyPromised(Attempt attempt, Site site) {
    Set<PointId> all = site.ledger.promised().keySet();
    return all.isEmpty()
        ? Optional.empty()
        : all.stream().skip(attempt.random().nextInt(all.size())).findFirst();
  }
}
