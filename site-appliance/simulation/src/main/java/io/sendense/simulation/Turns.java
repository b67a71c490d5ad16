package io.sendense.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets jobs reach the outside one step at a time, in an order drawn from a seed: each stands before
 * every step and after it until it is its turn, for as long as the others like. As long as a job
 * has one thread at work at a time, all of a run is decided by the seed; where it has more, the
 * order of their calls is not.
 */
final class Turns {
  private static final long PATIENCE_SECONDS = 120;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final SplittableRandom random;
  private final List<Actor> actors = new ArrayList<>();

  Turns(SplittableRandom random) {
    this.random = random;
  }

  /** One job of one process. */
  static final class Actor {
    final String name;
    final Life life;
    private final ArrayDeque<Ticket> tickets = new ArrayDeque<>();
    private boolean ended;
    private @Nullable Throwable failure;

    private Actor(String name, Life life) {
      this.name = name;
      this.life = life;
    }
  }

  private static final class Ticket {
    private final @Nullable Runnable inFlight;
    private boolean granted;

    private Ticket(@Nullable Runnable inFlight) {
      this.inFlight = inFlight;
    }
  }

  /** Begins an actor in a thread of its own; it stands still until its first turn. */
  Actor begin(String name, Life life, java.util.function.Consumer<Actor> work) {
    Actor actor = new Actor(name, life);
    lock.lock();
    try {
      actors.add(actor);
    } finally {
      lock.unlock();
    }
    Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(
            () -> {
              try {
                reach(actor, "begin", null);
                work.accept(actor);
              } catch (RuntimeException | Error e) {
                actor.failure = actor.life.dead() ? null : e;
              } finally {
                end(actor);
              }
            });
    return actor;
  }

  private void end(Actor actor) {
    lock.lock();
    try {
      actor.ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Stands until it is this actor's turn.
   *
   * @param inFlight what may still take effect if the process dies while it stands here
   */
  void reach(Actor actor, String what, @Nullable Runnable inFlight) {
    lock.lock();
    try {
      if (actor.life.dead()) {
        throw Life.gone(what);
      }
      Ticket ticket = new Ticket(inFlight);
      actor.tickets.add(ticket);
      changed.signalAll();
      await(() -> ticket.granted || actor.life.dead());
      if (actor.life.dead()) {
        throw Life.gone(what);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Gives some actor one turn and returns when it stands again; false where none is left. */
  boolean step() {
    lock.lock();
    try {
      actors.removeIf(actor -> actor.ended && checked(actor));
      if (actors.isEmpty()) {
        return false;
      }
      Actor next = actors.get(random.nextInt(actors.size()));
      awaitStanding(next);
      if (!next.ended) {
        next.tickets.remove().granted = true;
        changed.signalAll();
        awaitStanding(next);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends a process where its jobs stand, and returns when nothing of it moves any more.
   *
   * @return what was in flight
   */
  List<Runnable> kill(Life life) {
    lock.lock();
    try {
      List<Runnable> inFlight = new ArrayList<>();
      List<Actor> dying = actors.stream().filter(actor -> actor.life == life).toList();
      dying.forEach(this::awaitStanding);
      life.end();
      for (Actor actor : dying) {
        actor.tickets.forEach(
            ticket -> {
              if (ticket.inFlight != null) {
                inFlight.add(ticket.inFlight);
              }
            });
        actor.tickets.clear();
      }
      changed.signalAll();
      await(() -> dying.stream().allMatch(actor -> actor.ended));
      return inFlight;
    } finally {
      lock.unlock();
    }
  }

  private static boolean checked(Actor actor) {
    Throwable failure = actor.failure;
    if (failure != null) {
      throw new AssertionError(actor.name + " failed: " + failure, failure);
    }
    return true;
  }

  private void awaitStanding(Actor actor) {
    await(() -> actor.ended || !actor.tickets.isEmpty());
  }

  private void await(BooleanSupplier condition) {
    long nanos = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try {
      while (!condition.getAsBoolean()) {
        if (nanos <= 0) {
          throw new AssertionError("a job is stuck: it neither stands nor moves");
        }
        nanos = changed.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
