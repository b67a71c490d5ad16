package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.format.PointStore;
import io.sendense.repository.format.RestorePoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which points are to be proved. */
final class ProvePoints {
  private static final String LATEST = "latest";
  private static final int MOST = 1_000;

  private ProvePoints() {}

  /**
   * Each point once, in the order in which they were named.
   *
   * @throws SendenseException BAD_ARGUMENT where it was not said which, NOT_FOUND
   */
  static List<RestorePoint> find(
      PointStore repository, List<String> points, List<String> vms, boolean allLatest) {
    if (allLatest && !(points.isEmpty() && vms.isEmpty())) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "--all-latest leaves nothing to be named",
          "Leave out --point and --vm, or leave out --all-latest.");
    }
    Map<String, RestorePoint> found = new LinkedHashMap<>();
    if (allLatest) {
      Map<String, RestorePoint> newest = new LinkedHashMap<>();
      repository.points().forEach(point -> newest.put(point.vm(), point)); // oldest first
      newest.values().forEach(point -> found.put(point.id().toString(), point));
    } else {
      for (PointOption option : options(points, vms)) {
        RestorePoint point = option.find(repository);
        found.put(point.id().toString(), point);
      }
    }
    if (found.isEmpty() || found.size() > MOST) {
      throw new SendenseException(
          found.isEmpty() ? ErrorCode.NOT_FOUND : ErrorCode.LIMIT_REACHED,
          found.isEmpty()
              ? "the repository holds no point"
              : found.size() + " points cannot be proved by one command",
          "Name the points that are meant.");
    }
    return List.copyOf(found.values());
  }

  private static List<PointOption> options(List<String> points, List<String> vms) {
    List<PointOption> all = new ArrayList<>();
    points.stream()
        .filter(point -> !point.equals(LATEST))
        .forEach(
            point -> {
              PointOption option = new PointOption();
              option.point = point;
              all.add(option);
            });
    for (String vm : vms) {
      PointOption option = new PointOption();
      option.point = LATEST;
      option.vm = vm;
      // A machine named beside the id of its point is no wish for another one.
      if (all.isEmpty() || points.contains(LATEST)) {
        all.add(option);
      }
    }
    if (all.isEmpty()) {
      PointOption option = new PointOption();
      option.point = LATEST;
      all.add(option); // which says what is missing
    }
    return all;
  }
}
