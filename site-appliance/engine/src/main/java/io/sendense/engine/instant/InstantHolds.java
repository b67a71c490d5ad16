package io.sendense.engine.instant;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.format.PointGuard;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.PointStore;
import io.sendense.repository.format.Repository;
import java.util.List;

/**
 * Keeps the points that machines run from where they are: a hold is put on each, unless somebody
 * else's is on it, and lifted when the last machine needs it no more.
 */
public final class InstantHolds {
  private final InstantStore store;
  private final PointStore points;

  public InstantHolds(InstantStore store, PointStore points) {
    this.store = store;
    this.points = points;
  }

  /**
   * Holds the point of a recovery; written down before it is done. A kind of repository without
   * holds, or one that may not be written, is left as it is.
   *
   * @throws SendenseException NOT_FOUND where the point is gone
   */
  public void hold(InstantRecord record) {
    if (!(points instanceof Repository sealed) || record.held()) {
      return;
    }
    PointId id = PointId.parse(record.point());
    if (sealed.guards(List.of(id)).getOrDefault(id, PointGuard.NONE).held() && !ours(record)) {
      return;
    }
    store.held(record.id());
    try {
      sealed.hold(id, "machine " + record.name() + " runs from it");
    } catch (SendenseException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        throw e;
      }
    }
  }

  /** Lifts the hold unless another recovery needs it. */
  public void lift(InstantRecord record) {
    if (points instanceof Repository sealed && record.held() && !ours(record)) {
      sealed.release(PointId.parse(record.point()));
    }
  }

  private boolean ours(InstantRecord record) {
    return store.all().stream()
        .anyMatch(
            other ->
                other.held()
                    && !other.id().equals(record.id())
                    && other.point().equals(record.point())
                    && other.location().equals(record.location()));
  }
}
