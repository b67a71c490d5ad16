package io.sendense.simulation;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.state.JobRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One round: one to three jobs at once on the two hosts, while time passes, a host may sleep for
 * days and another may die where it stands.
 */
final class Round {
  private static final int STEPS_MAX = 100_000;

  private final World world;
  private final Jobs jobs;
  private final Keeping keeping;
  private final SplittableRandom random;
  private final List<Kind> kinds = new ArrayList<>();
  private final Set<Machine> busy = new HashSet<>();

  Round(World world) {
    this.world = world;
    jobs = new Jobs(world);
    keeping = new Keeping(world);
    random = world.random;
  }

  void run() {
    int count = random.nextInt(5) < 3 ? 1 : 2 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      Kind kind = Kind.draw(random);
      boolean clashes =
          (kind == Kind.TIER && !world.tiers)
              || (kind.holds() && kinds.stream().anyMatch(Kind::deletes))
              || (kind.deletes() && kinds.stream().anyMatch(Kind::holds));
      if (!clashes) {
        kinds.add(kind);
      }
    }
    boolean deletions = kinds.stream().anyMatch(Kind::deletes);
    boolean crowded = kinds.size() > 1;
    for (int i = 0; i < kinds.size(); i++) {
      begin(kinds.get(i), i, deletions && crowded, crowded);
    }
    if (crowded) {
      world.coverage().reach("jobs at once");
      countPairs();
    }
    turn();
  }

  private void countPairs() {
    for (int i = 0; i < kinds.size(); i++) {
      for (int k = i + 1; k < kinds.size(); k++) {
        boolean ordered = kinds.get(i).compareTo(kinds.get(k)) <= 0;
        Kind one = kinds.get(ordered ? i : k);
        Kind other = kinds.get(ordered ? k : i);
        world.coverage().reach("at once " + one + " + " + other);
      }
    }
  }

  private void begin(Kind kind, int number, boolean deletions, boolean crowded) {
    Host host = world.hosts.get(random.nextInt(world.hosts.size()));
    Machine machine = host.machines.get(random.nextInt(host.machines.size()));
    Site site = random.nextInt(3) == 0 ? world.far : world.near;
    if (kind == Kind.BACK_UP && !busy.add(machine)) {
      return;
    }
    long seed = random.nextLong();
    String name = kind + "-" + number + "@" + host.name;
    world.journal().note("  begin " + name + (kind == Kind.BACK_UP ? machine.name : site.name));
    world
        .turns()
        .begin(
            name,
            host.life(),
            actor -> {
              Attempt attempt = new Attempt(world, host, actor, seed);
              world.begin(attempt);
              if (deletions) {
                attempt.amongDeletions();
              }
              if (crowded) {
                // The same job twice, or a key that was rotated.
                attempt.allow(ErrorCode.CONFLICT, ErrorCode.ALREADY_EXISTS);
              }
              guarded(attempt, () -> work(kind, attempt, site, machine));
            });
  }

  private void work(Kind kind, Attempt attempt, Site site, Machine machine) {
    switch (kind) {
      case BACK_UP -> jobs.backUp(attempt, machine);
      case COPY -> jobs.copy(attempt);
      case COLLECT -> jobs.collect(attempt, site);
      case RESTORE -> jobs.restore(attempt, site);
      case VERIFY -> jobs.verify(attempt, site);
      case DELETE -> keeping.delete(attempt, site);
      case RETAIN -> keeping.retain(attempt, site);
      case HOLD -> keeping.hold(attempt, site);
      case RELEASE -> keeping.release(attempt, site);
      case ROTATE -> jobs.rotate(attempt, site);
      case TIER -> jobs.tier(attempt, site);
      case HEAL -> jobs.heal(attempt, site);
    }
  }

  private void guarded(Attempt attempt, Runnable work) {
    try {
      work.run();
      attempt.note("done");
    } catch (SendenseException e) {
      if (attempt.actor.life.dead()) {
        return;
      }
      if (!attempt.mayMeet(e)) {
        throw e;
      }
      attempt.note("failed: " + e.code());
      world.coverage().reach("failed " + e.code());
    }
  }

  private void turn() {
    int killAt = random.nextInt(3) == 0 ? anyStep() : -1;
    int sleepAt = random.nextInt(8) == 0 ? anyStep() : -1;
    int step = 0;
    while (world.turns().step()) {
      if (++step > STEPS_MAX) {
        throw new AssertionError("the jobs of a round do not end");
      }
      world.advance(Duration.ofSeconds(random.nextInt(90)));
      if (step == sleepAt) {
        Duration slept = Duration.ofHours(30 + random.nextInt(220));
        world.journal().note("  sleep " + slept);
        world.coverage().reach("slept");
        world.advance(slept);
      }
      if (step == killAt) {
        kill(world.hosts.get(random.nextInt(world.hosts.size())));
      }
    }
    world.atWork().clear();
  }

  /** Early ones more often, because many jobs are short; late ones, because some are long. */
  private int anyStep() {
    return 1 + random.nextInt(20 << random.nextInt(5));
  }

  /** Everything of the host ends; what was in flight is lost, or takes effect later, whole. */
  private void kill(Host host) {
    List<Attempt> dying = world.atWork().stream().filter(a -> a.actor.life == host.life()).toList();
    world.journal().note("  kill " + host.name);
    host.keepDisk();
    for (Runnable inFlight : world.turns().kill(host.life())) {
      if (random.nextBoolean()) {
        world.coverage().reach("in flight at a crash");
        inFlight.run();
      }
    }
    dying.forEach(attempt -> world.coverage().reach("killed in " + attempt.phase()));
    List<JobRecord> interrupted = host.restart();
    if (!interrupted.isEmpty()) {
      world.coverage().reach("found interrupted");
    }
    world.coverage().reach("killed");
  }
}
