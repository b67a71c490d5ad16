package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RestorePoint;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Names several restore points: one by its id, the newest of each machine, or all. */
final class PointsOption {
  @Option(names = "--vm", paramLabel = "NAME", description = "Only points of this machine.")
  @Nullable String vm;

  @Option(names = "--point", paramLabel = "ID", description = "This point.")
  @Nullable String point;

  @Option(names = "--last", paramLabel = "N", description = "The newest N points of each machine.")
  int last;

  @Option(names = "--all", description = "All points.")
  boolean all;

  /**
   * @throws SendenseException BAD_ARGUMENT where not exactly one choice was made, NOT_FOUND where
   *     it means no point
   */
  List<PointId> find(Repository repository) {
    String one = point;
    if ((one == null ? 0 : 1) + (last == 0 ? 0 : 1) + (all ? 1 : 0) != 1 || last < 0) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "it was not said which points",
          "Give one of --point ID, --last N and --all, with --vm NAME if only one machine's.");
    }
    if (one != null) {
      return List.of(repository.point(PointId.parse(one)).id());
    }
    Map<String, List<RestorePoint>> byMachine =
        repository.points().stream()
            .filter(found -> vm == null || found.vm().equals(vm))
            .collect(Collectors.groupingBy(RestorePoint::vm, TreeMap::new, Collectors.toList()));
    if (byMachine.isEmpty()) {
      throw new SendenseException(
          ErrorCode.NOT_FOUND,
          vm == null ? "the repository holds no point" : "no point of machine " + vm + " is there",
          "List what is there with: points --repository R");
    }
    return byMachine.values().stream()
        .flatMap(
            points ->
                points.subList(all ? 0 : Math.max(0, points.size() - last), points.size()).stream())
        .map(RestorePoint::id)
        .toList();
  }
}
