package io.sendense.simulation;

import io.sendense.repository.format.CollectOptions;
import io.sendense.repository.format.CollectReport;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.Repository;
import io.sendense.repository.spi.StoredObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** One seed from an empty store to the end. */
final class Run {
  private static final Duration AGE = Site.AGE.plusMinutes(2);

  private final World world;
  private final Judge judge;
  private final SplittableRandom random;
  private int step;

  Run(long seed, Path scratch, Coverage coverage) {
    world = new World(seed, scratch, coverage);
    judge = new Judge(world);
    random = world.random;
  }

  int step() {
    return step;
  }

  Journal journal() {
    return world.journal();
  }

  void run(int steps) {
    try {
      for (step = 1; step <= steps; step++) {
        world.journal().note("step " + step + " at " + world.near.clock.instant());
        between();
        if (random.nextInt(12) == 0) {
          new Breakage(world, judge).run();
        } else {
          new Round(world).run();
        }
        judge.afterStep();
        if (step % 10 == 0) {
          world.sites().forEach(site -> judge.everything(site, "at step " + step));
        }
      }
      settle();
    } finally {
      world.close();
    }
  }

  /** Guests write, disks grow and shrink, trackers fail, time passes and clocks are set wrong. */
  private void between() {
    world.advance(Duration.ofMinutes(random.nextInt(random.nextInt(4) == 0 ? 9000 : 600)));
    for (Machine machine : world.machines) {
      for (int i = random.nextInt(4); i > 0; i--) {
        machine.write(random);
      }
      switch (random.nextInt(24)) {
        case 0 -> {
          machine.resize(random);
          world.coverage().reach("resize");
        }
        case 1 -> {
          machine.loseTracker();
          world.coverage().reach("tracker lost");
        }
        case 2, 3, 4 -> {
          machine.lie(true);
          machine.write(random);
          machine.lie(false);
          world.coverage().reach("tracker lies");
        }
        default -> {}
      }
    }
    if (random.nextInt(6) == 0) {
      Host host = world.hosts.get(random.nextInt(world.hosts.size()));
      host.setWrong(Duration.ofMinutes(random.nextInt(2 * 24 * 60) - 24 * 60));
      world.coverage().reach("host clock set wrong");
    }
    if (random.nextInt(10) == 0) {
      world.stepBack(random.nextBoolean() ? world.near : world.far);
      world.coverage().reach("store clock steps back");
    }
  }

  /** All is quiet: every machine is backed up, and after some collections only what is needed. */
  private void settle() {
    world.journal().note("settle");
    for (Site site : world.sites()) {
      site.ledger.promised().keySet().forEach(id -> recall(site, id));
    }
    world.advance(Duration.ofHours(13));
    new Quiet(world).backUpEverything();
    judge.afterStep();
    for (Site site : world.sites()) {
      judge.everything(site, "at the end");
      // Beyond every lock there may be.
      world.advance(Duration.ofDays(20));
      CollectReport last = collect(site);
      for (int i = 0; i < 5; i++) {
        world.advance(AGE);
        last = collect(site);
        judge.everything(site, "after quiet collection " + i);
      }
      nothingUnneeded(site, last);
    }
    world.coverage().reach("settled");
  }

  private void recall(Site site, PointId id) {
    if (site.tiered) {
      try (Repository repository = site.open()) {
        repository.recall(id, true);
      }
    }
  }

  private CollectReport collect(Site site) {
    try (Repository repository = site.open()) {
      return repository.collect(CollectOptions.defaults().withScratch(world.scratch));
    }
  }

  private void nothingUnneeded(Site site, CollectReport last) {
    boolean idle = last.packsDeleted().count() + last.packsCondemned().count() == 0;
    List<StoredObject> packs = site.memory.list("packs");
    long bytes = packs.stream().mapToLong(StoredObject::lengthBytes).sum();
    // What was once recorded as damaged is not collected.
    boolean held = !site.memory.list("holds").isEmpty() || !site.brokenOnce.isEmpty();
    if (!idle || (!held && bytes > 2 * last.bytesWanted() + 1024L * packs.size())) {
      throw new AssertionError(
          site.name + " keeps what nobody needs: " + bytes + " bytes of packs, " + last);
    }
    for (String folder : List.of("intents", "deletions")) {
      if (!held && !site.memory.list(folder).isEmpty()) {
        throw new AssertionError(site.name + " keeps " + site.memory.list(folder));
      }
    }
  }
}
