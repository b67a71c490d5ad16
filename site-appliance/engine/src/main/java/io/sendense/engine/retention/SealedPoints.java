package io.sendense.engine.retention;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.format.PointGuard;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RestorePoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The points of a sealed repository; a deletion is a mark, and collection gives the space back. */
record SealedPoints(Repository repository, String why) implements RetainedPoints {
  @Override
  public List<RestorePoint> points() {
    return repository.points();
  }

  @Override
  public Map<PointId, PointGuard> guards(Collection<PointId> ids) {
    return repository.guards(ids);
  }

  @Override
  public List<PointId> delete(String machine, Set<PointId> ids) {
    List<PointId> deleted = new ArrayList<>();
    for (PointId id : ids) {
      try {
        repository.deletePoint(id, why);
        deleted.add(id);
      } catch (SendenseException e) {
        if (e.code() != ErrorCode.STORE_LOCKED && e.code() != ErrorCode.NOT_FOUND) {
          throw e;
        }
        // Held, or deleted by somebody else, since it was asked about.
      }
    }
    return deleted;
  }
}
