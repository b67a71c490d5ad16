package io.sendense.engine.retention;

import io.sendense.repository.format.PointGuard;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RestorePoint;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Applies a policy to the points of a repository. */
public final class RetentionRun {
  private RetentionRun() {}

  /**
   * What was decided, and the ids of the points deleted.
   *
   * @param deleted empty for a dry run
   */
  public record Result(RetentionPlan plan, List<PointId> deleted) {
    public Result {
      deleted = List.copyOf(deleted);
    }
  }

  /**
   * The same for a sealed repository, one mark of deletion for each point.
   *
   * @param why kept with each deleted point, for people
   */
  public static Result run(
      Repository repository,
      RetentionPolicy policy,
      Optional<String> machine,
      boolean dryRun,
      String why) {
    return run(new SealedPoints(repository, why), policy, machine, dryRun);
  }

  /**
   * Decides for every readable point and deletes those that go. Points that cannot be read stay and
   * count for nothing. A failure leaves what was deleted until then deleted.
   *
   * @param machine only its points; empty for all machines, each by itself
   */
  public static Result run(
      RetainedPoints repository, RetentionPolicy policy, Optional<String> machine, boolean dryRun) {
    List<RestorePoint> points =
        repository.points().stream()
            .filter(point -> machine.isEmpty() || machine.get().equals(point.vm()))
            .toList();
    // Asking the store about a lock is a call, so it is asked only about those that would go.
    List<PointId> going =
        plan(policy, points, Map.of()).going().stream()
            .map(decision -> PointId.parse(decision.point().id()))
            .toList();
    RetentionPlan plan = plan(policy, points, repository.guards(going));
    if (dryRun) {
      return new Result(plan, List.of());
    }
    Map<String, Set<PointId>> byMachine = new TreeMap<>();
    for (RetentionPlan.Decision decision : plan.going()) {
      byMachine
          .computeIfAbsent(decision.point().machine(), name -> new LinkedHashSet<>())
          .add(PointId.parse(decision.point().id()));
    }
    List<PointId> deleted = new ArrayList<>();
    byMachine.forEach((name, ids) -> deleted.addAll(repository.delete(name, ids)));
    return new Result(plan, deleted);
  }

  private static RetentionPlan plan(
      RetentionPolicy policy, List<RestorePoint> points, Map<PointId, PointGuard> guards) {
    return Retention.plan(
        policy,
        points.stream()
            .map(
                point ->
                    new RetentionPoint(
                        point.id().toString(),
                        point.vm(),
                        point.sequence(),
                        point.takenAt(),
                        guards.getOrDefault(point.id(), PointGuard.NONE)))
            .toList());
  }
}
