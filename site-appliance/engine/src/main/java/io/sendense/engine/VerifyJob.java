package io.sendense.engine;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.state.JobRecord;
import io.sendense.repository.format.PointStore;
import io.sendense.repository.format.VerifyOptions;
import io.sendense.repository.format.VerifyReport;
import java.time.Duration;
import java.util.Optional;

/** One examination of a repository; what is wrong there is its result, not its failure. */
public final class VerifyJob {
  private final JobContext context;

  public VerifyJob(JobContext context) {
    this.context = context;
  }

  /**
   * @param job id of the job's record
   */
  public record Result(String job, VerifyReport report, Duration duration) {}

  /**
   * Runs the job to its end. Its record counts as failed where something is wrong.
   *
   * @throws SendenseException where the store cannot be examined at all
   */
  public Result run(PointStore repository, VerifyOptions options, String location) {
    return JobRun.run(
        context,
        JobRecord.Kind.VERIFY,
        "verify " + location,
        location,
        location,
        run -> verify(run, repository, options));
  }

  private Result verify(JobRun run, PointStore repository, VerifyOptions options) {
    run.enter(Phase.CHECK);
    VerifyReport report =
        repository.verify(
            options,
            new VerifyReport.Progress() {
              private final long startNanos = System.nanoTime();

              @Override
              public void at(long bytesDone, long bytesTotal) {
                context
                    .listener()
                    .advanced(Phase.CHECK, progress(startNanos, bytesDone, bytesTotal));
              }
            });
    if (report.whole()) {
      run.succeed(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          new JobRecord.Bytes(report.bytesRead(), 0, 0));
    } else {
      run.fail(
          new SendenseException(
              ErrorCode.STORE_DAMAGED, report.findings().size() + " findings", ""));
    }
    return new Result(run.id(), report, run.elapsed());
  }

  private static Progress progress(long startNanos, long done, long total) {
    double seconds = Math.max(1e-3, (System.nanoTime() - startNanos) / 1e9);
    long rate = (long) (done / seconds);
    return new Progress(
        done,
        total,
        rate,
        rate == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds((total - done) / rate)));
  }
}
