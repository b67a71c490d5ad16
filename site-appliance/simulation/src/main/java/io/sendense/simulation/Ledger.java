package io.sendense.simulation;

import io.sendense.repository.format.PointId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a repository must hold, by the model: points that were promised, held, or let go. */
final class Ledger {
  private final Map<PointId, Promise> promised = new TreeMap<>();

  /** Deletions that were begun; only one that was acknowledged makes the point invisible. */
  private final Map<PointId, Boolean> doomed = new TreeMap<>();

  /** Holds that were acknowledged. */
  private final Set<PointId> held = new TreeSet<>();

  /**
   * A point that somebody was told of, or that was seen.
   *
   * @param disks content by name
   */
  record Promise(String vm, Map<String, byte[]> disks) {}

  void promise(PointId id, Promise point) {
    if (!doomed.containsKey(id)) {
      promised.put(id, point);
    }
  }

  /** A copy was acknowledged of a point that had been deleted here. */
  void promiseAgain(PointId id, Promise point) {
    doomed.remove(id);
    promised.put(id, point);
  }

  /** A deleted point was copied here again while others deleted: it may be there or not. */
  void unsure(PointId id) {
    doomed.put(id, false);
  }

  Map<PointId, Promise> promised() {
    return promised;
  }

  Optional<Promise> find(PointId id) {
    return Optional.ofNullable(promised.get(id));
  }

  void deleting(PointId id) {
    promised.remove(id);
    doomed.putIfAbsent(id, false);
  }

  void deleted(PointId id) {
    promised.remove(id);
    doomed.put(id, true);
  }

  /** A refusal: the point is as it was. */
  void notDeleted(PointId id, Promise point) {
    doomed.remove(id);
    promised.put(id, point);
  }

  boolean isDoomed(PointId id) {
    return doomed.containsKey(id);
  }

  boolean isDeleted(PointId id) {
    return doomed.getOrDefault(id, false);
  }

  void hold(PointId id) {
    held.add(id);
  }

  void release(PointId id) {
    held.remove(id);
  }

  Set<PointId> held() {
    return held;
  }
}
