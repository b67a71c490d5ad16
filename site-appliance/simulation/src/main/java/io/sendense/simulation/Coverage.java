package io.sendense.simulation;

import java.util.Map;
import java.util.TreeMap;

/** Counts what was reached, so that a run in which nothing happened proves nothing and fails. */
final class Coverage {
  private final Map<String, Long> counts = new TreeMap<>();

  synchronized void reach(String what) {
    counts.merge(what, 1L, Long::sum);
  }

  synchronized Map<String, Long> counts() {
    return new TreeMap<>(counts);
  }

  /** What was reached fewer than so many times. */
  synchronized Map<String, Long> below(Iterable<String> wanted, long min) {
    Map<String, Long> missed = new TreeMap<>();
    for (String what : wanted) {
      long count = counts.getOrDefault(what, 0L);
      if (count < min) {
        missed.put(what, count);
      }
    }
    return missed;
  }

  synchronized void add(Coverage other) {
    other.counts().forEach((what, count) -> counts.merge(what, count, Long::sum));
  }
}
