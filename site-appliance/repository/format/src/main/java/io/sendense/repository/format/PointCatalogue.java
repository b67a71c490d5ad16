package io.sendense.repository.format;

import java.util.List;

/**
 * All restore points of a repository.
 *
 * @param points readable ones, by virtual machine, then sequence, then creation
 * @param damaged point objects that cannot be read, each with the reason; never silently left out
 */
public record PointCatalogue(List<RestorePoint> points, List<VerifyReport.Finding> damaged) {
  public PointCatalogue {
    points = List.copyOf(points);
    damaged = List.copyOf(damaged);
  }
}
