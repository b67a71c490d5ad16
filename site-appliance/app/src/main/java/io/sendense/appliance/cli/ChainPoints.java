package io.sendense.appliance.cli;

import io.sendense.engine.retention.RetainedPoints;
import io.sendense.repository.chain.ChainRepository;
import io.sendense.repository.format.PointGuard;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.RestorePoint;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The points of a qcow2 chain, which has no holds and no locks. */
record ChainPoints(ChainRepository chain) implements RetainedPoints {
  @Override
  public List<RestorePoint> points() {
    return chain.points();
  }

  @Override
  public Map<PointId, PointGuard> guards(Collection<PointId> ids) {
    return Map.of();
  }

  @Override
  public List<PointId> delete(String machine, Set<PointId> ids) {
    return chain.delete(machine, ids);
  }
}
