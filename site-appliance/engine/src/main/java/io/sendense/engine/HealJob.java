package io.sendense.engine;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.state.JobRecord;
import io.sendense.repository.format.HealReport;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.VerifyOptions;
import io.sendense.repository.format.VerifyReport;
import java.time.Duration;
import java.util.Optional;

/**
 * Mends a repository: indexes are made again where they lack, what is missing is found and
 * recorded, and what points need of damaged packs is stored again. What could not be mended is its
 * result, not its failure.
 */
public final class HealJob {
  private final JobContext context;

  public HealJob(JobContext context) {
    this.context = context;
  }

  /**
   * @param packsIndexed packs that no readable index named
   */
  public record Result(String job, int packsIndexed, HealReport report, Duration duration) {}

  /**
   * Runs the job to its end. Its record counts as failed where something stays lost.
   *
   * @param copy where to take from what cannot be read here
   * @throws SendenseException FORBIDDEN where the copy is another tenant's, CONFLICT, CANCELLED,
   *     either store's failures
   */
  public Result run(Repository repository, Optional<Repository> copy, String location) {
    return JobRun.run(
        context,
        JobRecord.Kind.HEAL,
        "heal " + location,
        location,
        location,
        run -> heal(run, repository, copy));
  }

  private Result heal(JobRun run, Repository repository, Optional<Repository> copy) {
    run.enter(Phase.CHECK);
    int indexed = repository.rebuildIndexes(context.control()::check);
    VerifyReport found =
        repository.verify(VerifyOptions.structure(), (done, total) -> context.control().check());
    repository.recordDamage(found);
    run.enter(Phase.HEAL);
    HealReport report = repository.heal(copy, (done, total) -> context.control().check());
    if (report.lost().isEmpty()) {
      run.succeed(
          Optional.empty(),
          Optional.empty(),
          Optional.of(report.chunks() + report.nodes() + " blobs stored again"),
          new JobRecord.Bytes(0, 0, report.bytesStored()));
    } else {
      run.fail(
          new SendenseException(
              ErrorCode.STORE_DAMAGED, report.lost().size() + " findings stay lost", ""));
    }
    return new Result(run.id(), indexed, report, run.elapsed());
  }
}
