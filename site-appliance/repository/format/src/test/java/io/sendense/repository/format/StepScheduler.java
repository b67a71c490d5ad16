package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.testkit.FaultyObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets actors take one operation of the store at a time, in an order drawn from a seed: each stops
 * before every operation and after it until it is its turn, for as long as the others like. An
 * actor may be killed where it stands: that operation and all later ones fail.
 */
final class StepScheduler {
  private static final long PATIENCE_SECONDS = 120;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final SplittableRandom random;
  private final List<Actor> actors = new ArrayList<>();
  private long steps;

  StepScheduler(SplittableRandom random) {
    this.random = random;
  }

  /** One writer, reader, deleter or collector; a hook for its own view of the store. */
  final class Actor implements FaultyObjectStore.Hook {
    final String name;
    private boolean waiting;
    private boolean granted;
    private boolean ended;
    private boolean killed;
    private @Nullable Throwable failure;

    Actor(String name) {
      this.name = name;
    }

    @Override
    public void reach(FaultyObjectStore.Operation operation, String what, boolean done) {
      lock.lock();
      try {
        if (killed) {
          throw StoreFailure.unavailable("a dead process", operation + " " + what, null);
        }
        waiting = true;
        changed.signalAll();
        await(() -> granted);
        granted = false;
        waiting = false;
        if (killed) {
          throw StoreFailure.unavailable("a dead process", operation + " " + what, null);
        }
      } finally {
        lock.unlock();
      }
    }

    boolean killed() {
      return killed;
    }

    private void run(Runnable work) {
      // Nothing moves before the first turn.
      reach(FaultyObjectStore.Operation.STAT, "begin", false);
      work.run();
    }
  }

  /** Begins an actor in a thread of its own; it stands still until its first turn. */
  Actor begin(String name, java.util.function.Consumer<Actor> work) {
    Actor actor = new Actor(name);
    actors.add(actor);
    Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(
            () -> {
              try {
                actor.run(() -> work.accept(actor));
              } catch (RuntimeException | AssertionError e) {
                boolean dead =
                    actor.killed
                        && e instanceof SendenseException s
                        && s.code() == ErrorCode.STORE_UNAVAILABLE;
                actor.failure = dead ? null : e;
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

  int running() {
    return (int) actors.stream().filter(actor -> !actor.ended).count();
  }

  long steps() {
    return steps;
  }

  /** Gives some actor one turn; false where none is left. */
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
        next.granted = true;
        next.waiting = false;
        changed.signalAll();
        steps++;
        awaitStanding(next);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Kills some actor where it stands. */
  void killOne() {
    lock.lock();
    try {
      if (!actors.isEmpty()) {
        actors.get(random.nextInt(actors.size())).killed = true;
      }
    } finally {
      lock.unlock();
    }
  }

  private static boolean checked(Actor actor) {
    Throwable failure = actor.failure;
    if (failure != null) {
      throw new AssertionError("actor " + actor.name + " failed", failure);
    }
    return true;
  }

  private void awaitStanding(Actor actor) {
    await(() -> actor.ended || (actor.waiting && !actor.granted));
  }

  private void await(BooleanSupplier condition) {
    long nanos = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try {
      while (!condition.getAsBoolean()) {
        if (nanos <= 0) {
          throw new AssertionError("an actor neither stands nor moves");
        }
        nanos = changed.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
