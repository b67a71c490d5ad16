package io.sendense.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Scripted faults at named points. Code under test calls {@link #reach} through whatever hook it
 * offers; the fault planned for that arrival strikes there. {@link #assertAllReached} fails a test
 * whose planned fault never struck, because such a test proves nothing. Thread-safe.
 */
public final class FaultPlan {
  private record Fault(String point, int arrival) {}

  private final Map<Fault, Runnable> planned = new HashMap<>();
  private final Map<String, Integer> arrivals = new HashMap<>();

  /**
   * Plans what happens at the {@code arrival}-th time (from 1) that {@code point} is reached. The
   * action runs on the thread that arrives, and whatever it throws is thrown there.
   */
  public synchronized FaultPlan at(String point, int arrival, Runnable action) {
    if (arrival < 1) {
      throw new IllegalArgumentException("arrivals are counted from 1, got " + arrival);
    }
    if (planned.putIfAbsent(new Fault(point, arrival), action) != null) {
      throw new IllegalArgumentException("already planned: " + point + ", arrival " + arrival);
    }
    return this;
  }

  /** Plans an exception at the {@code arrival}-th time (from 1) that {@code point} is reached. */
  public FaultPlan failAt(
      String point, int arrival, Supplier<? extends RuntimeException> exception) {
    return at(
        point,
        arrival,
        () -> {
          throw exception.get();
        });
  }

  /** Counts an arrival and lets the fault planned for it, if any, strike. */
  public void reach(String point) {
    Runnable action;
    synchronized (this) {
      int arrival = arrivals.merge(point, 1, Integer::sum);
      action = planned.remove(new Fault(point, arrival));
    }
    if (action != null) {
      action.run();
    }
  }

  /** How often a point has been reached so far. */
  public synchronized int arrivals(String point) {
    return arrivals.getOrDefault(point, 0);
  }

  /** Throws an {@link AssertionError} that names every planned fault that has not struck. */
  public synchronized void assertAllReached() {
    if (!planned.isEmpty()) {
      List<String> missed = new ArrayList<>();
      planned.keySet().forEach(fault -> missed.add(fault.point() + " #" + fault.arrival()));
      missed.sort(null);
      throw new AssertionError(
          "planned faults were not reached: " + missed + "; arrivals were " + arrivals);
    }
  }
}
