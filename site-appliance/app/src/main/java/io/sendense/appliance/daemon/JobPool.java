package io.sendense.appliance.daemon;

import io.sendense.engine.limits.Admission;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Where due work runs: at once on the caller's thread, or beside it within the site's limits. */
interface JobPool {
  /**
   * Begins work unless work of the same key waits or runs already.
   *
   * @param key such as a machine
   * @param needs names of the resources it holds while it runs
   * @return false where it was not taken; ask again later
   */
  boolean begin(String key, Collection<String> needs, Runnable work);

  /** The same with so many units of each resource. */
  default boolean begin(String key, Map<String, Integer> needs, Runnable work) {
    return begin(key, needs.keySet(), work);
  }

  /** Whether work of that key waits or runs. */
  boolean busy(String key);

  /** Runs each work on the caller's thread, to its end. */
  static JobPool direct() {
    return new JobPool() {
      @Override
      public boolean begin(String key, Collection<String> needs, Runnable work) {
        work.run();
        return true;
      }

      @Override
      public boolean busy(String key) {
        return false;
      }
    };
  }

  /** Runs each work on a thread of its own when the limits let it in. */
  final class Parallel implements JobPool, AutoCloseable {
    private final Admission admission;
    private final Set<String> keys = ConcurrentHashMap.newKeySet();
    private final Phaser running = new Phaser(1);
    private volatile boolean closed;

    Parallel(Admission admission) {
      this.admission = admission;
    }

    @Override
    public boolean begin(String key, Collection<String> needs, Runnable work) {
      return begin(key, needs.stream().collect(Collectors.toMap(need -> need, _ -> 1)), work);
    }

    @Override
    public boolean begin(String key, Map<String, Integer> needs, Runnable work) {
      if (closed || !keys.add(key)) {
        return false;
      }
      // The ticket is there when the work ends, but perhaps not yet when it starts.
      CompletableFuture<Admission.Ticket> ticket = new CompletableFuture<>();
      Runnable start =
          () -> {
            running.register();
            Thread.ofPlatform()
                .name("job " + key)
                .start(
                    () -> {
                      try {
                        if (!closed) {
                          work.run();
                        }
                      } finally {
                        keys.remove(key);
                        ticket.join().leave();
                        running.arriveAndDeregister();
                      }
                    });
          };
      Optional<Admission.Ticket> given = admission.enter(needs, start);
      if (given.isEmpty()) {
        keys.remove(key);
        return false;
      }
      ticket.complete(given.get());
      return true;
    }

    @Override
    public boolean busy(String key) {
      return keys.contains(key);
    }

    int runningJobs() {
      return admission.running();
    }

    /** Begins nothing more; waits for what runs. False where that did not end in time. */
    boolean close(Duration atMost) throws InterruptedException {
      closed = true;
      try {
        running.awaitAdvanceInterruptibly(
            running.arrive(), Math.max(1, atMost.toMillis()), TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException e) {
        return false;
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
