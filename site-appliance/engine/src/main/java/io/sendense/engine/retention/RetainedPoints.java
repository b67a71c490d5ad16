package io.sendense.engine.retention;

import io.sendense.repository.format.PointGuard;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.RestorePoint;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A repository of any kind, as far as retention goes. */
public interface RetainedPoints {
  /** The readable points. */
  List<RestorePoint> points();

  /** What keeps each of these whatever a policy says; a point that is missing has no guard. */
  Map<PointId, PointGuard> guards(Collection<PointId> ids);

  /**
   * Deletes points of one machine. One that has been held or deleted since is passed over.
   *
   * @return those that this call deleted
   * @throws io.sendense.domain.SendenseException the store's own failures; what was deleted until
   *     then stays deleted
   */
  List<PointId> delete(String machine, Set<PointId> ids);
}
