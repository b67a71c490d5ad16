package io.sendense.engine;

import io.sendense.engine.state.JobRecord;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.TierPolicy;
import io.sendense.repository.format.TierReport;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Moves the data of old points to cheaper tiers. A point that this appliance has asked back from
 * the archive is left readable for a week, so that a restore is not overtaken.
 */
public final class TierJob {
  static final Duration KEPT_READABLE = Duration.ofDays(7);

  private final JobContext context;

  public TierJob(JobContext context) {
    this.context = context;
  }

  /**
   * Runs the job to its end.
   *
   * @param dryRun say only what would be moved
   * @throws io.sendense.domain.SendenseException STORE_UNSUPPORTED where the store lacks a tier,
   *     STORE_DAMAGED where a tree cannot be read
   */
  public TierReport run(Repository repository, TierPolicy policy, boolean dryRun, String location) {
    return JobRun.run(
        context,
        JobRecord.Kind.TIER,
        "tier " + location,
        location,
        location,
        run -> {
          run.enter(Phase.TIER);
          TierReport report =
              repository.tier(policy, askedBack(location), dryRun, context.control()::check);
          run.succeed(
              Optional.empty(),
              dryRun ? Optional.of("dry-run") : Optional.empty(),
              Optional.of(
                  report.cooled().count()
                      + " packs cooled, "
                      + report.archived().count()
                      + " archived, "
                      + report.recalled().count()
                      + " asked back"),
              JobRecord.Bytes.NONE);
          return report;
        });
  }

  private Set<PointId> askedBack(String location) {
    return context
        .state()
        .jobs()
        .subjects(
            JobRecord.Kind.REHYDRATE, location, context.clock().instant().minus(KEPT_READABLE))
        .stream()
        .map(PointId::parse)
        .collect(Collectors.toSet());
  }
}
