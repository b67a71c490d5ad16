package io.sendense.simulation;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.JobContext;
import io.sendense.engine.JobControl;
import io.sendense.engine.JobListener;
import io.sendense.engine.JobSettings;
import io.sendense.engine.Phase;
import io.sendense.engine.Progress;
import io.sendense.repository.format.Repository;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One job on one host: how it reaches the world, and which failures it may meet. */
final class Attempt {
  private static final Duration NEVER = Duration.ofHours(1);

  final Host host;
  final Turns.Actor actor;
  private final World world;
  private final SplittableRandom random;
  private final Faults faults;
  private final boolean disturbed;
  private final Map<Site, Instant> begun = new HashMap<>();
  private final Set<ErrorCode> allowed = EnumSet.noneOf(ErrorCode.class);
  private volatile String phase = "none";
  private volatile boolean mayLose;

  Attempt(World world, Host host, Turns.Actor actor, long seed) {
    this(
        world,
        host,
        actor,
        new SplittableRandom(seed),
        Faults.draw(new SplittableRandom(~seed)),
        true);
  }

  /** A job to which nothing happens. */
  static Attempt undisturbed(World world, Host host, Turns.Actor actor, long seed) {
    return new Attempt(world, host, actor, new SplittableRandom(seed), Faults.none(), false);
  }

  private Attempt(
      World world,
      Host host,
      Turns.Actor actor,
      SplittableRandom random,
      Faults faults,
      boolean disturbed) {
    this.disturbed = disturbed;
    this.world = world;
    this.host = host;
    this.actor = actor;
    this.random = random;
    this.faults = faults;
    world.sites().forEach(site -> begun.put(site, site.clock.instant()));
  }

  SplittableRandom random() {
    return random;
  }

  Faults faults() {
    return faults;
  }

  /** Whether one of so many should go wrong. */
  boolean oneIn(int count) {
    return disturbed && random.nextInt(count) == 0;
  }

  String phase() {
    return phase;
  }

  /** Stands until others have moved; dies here if its process does. */
  void reach(String what, @Nullable Runnable inFlight) {
    world.turns().reach(actor, what, inFlight);
    world.trace(actor.name + " " + what);
  }

  void note(String text) {
    world.journal().note("  " + actor.name + ": " + text);
  }

  /** A failure that may come for a reason of the model's. */
  void allow(ErrorCode... codes) {
    allowed.addAll(Set.of(codes));
  }

  Repository open(Site site) {
    return site.open(new ActorStore(site.store, world, this), host.wrong(), random.nextLong());
  }

  JobContext context() {
    return new JobContext(
        host.state(),
        host.clock(),
        random,
        // More samples than a disk has chunks: a tracker that lies is always found out.
        new JobSettings(1, 4096),
        new JobControl(NEVER),
        new Listener());
  }

  /** Others of this round delete points. */
  void amongDeletions() {
    mayLose = true;
    allow(ErrorCode.NOT_FOUND);
  }

  boolean mayLose() {
    return mayLose;
  }

  /** Whether somebody may have slept past a writer's deadline since this began. */
  boolean slept() {
    return begun.entrySet().stream()
        .anyMatch(
            e ->
                e.getKey().clock.instant().isAfter(e.getValue().plus(Site.DEADLINE.minusHours(1))));
  }

  /** Whether the failure has a cause that the world made. */
  boolean mayMeet(SendenseException e) {
    if (actor.life.dead() || allowed.contains(e.code())) {
      return true;
    }
    return switch (e.code()) {
      case STORE_UNAVAILABLE, NO_SPACE -> faults.struck();
      case DEADLINE_EXCEEDED, STORE_OBJECT_MISSING, STORE_DAMAGED, NOT_FOUND -> slept();
      case STORE_ARCHIVED -> world.sites().stream().anyMatch(site -> site.tiered);
      default -> false;
    };
  }

  private final class Listener implements JobListener {
    @Override
    public void entered(Phase now) {
      phase = now.label();
      world.coverage().reach("phase " + phase);
      note("phase " + phase);
    }

    @Override
    public void advanced(Phase now, Progress progress) {
      if (progress.doneBytes() > progress.totalBytes()) {
        throw new AssertionError("more done than there is: " + progress);
      }
    }

    @Override
    public void warned(String text) {
      note("warned");
    }
  }
}
