package io.sendense.engine;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.state.JobRecord;
import io.sendense.repository.format.PointStore;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.VerifyOptions;
import io.sendense.repository.format.VerifyPart;
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
   * @param part such as {@code part 3/7}; empty where all data was meant
   */
  public record Result(String job, VerifyReport report, String part, Duration duration) {}

  /**
   * Runs the job to its end. Its record counts as failed where something is wrong.
   *
   * @throws SendenseException where the store cannot be examined at all
   */
  public Result run(PointStore repository, VerifyOptions options, String location) {
    return run(repository, options, location, "");
  }

  /**
   * Reads one part of the data, all else as ever.
   *
   * @param number from 1; 0 for the part after the one that was finished last, by this appliance's
   *     records
   * @param of how many parts there are
   */
  public Result runPart(PointStore repository, int number, int of, String location) {
    int wanted = number == 0 ? next(location, of) : number;
    return run(
        repository,
        VerifyOptions.part(new VerifyPart(wanted, of)),
        location,
        "part " + wanted + "/" + of);
  }

  private int next(String location, int of) {
    return context
        .state()
        .jobs()
        .lastNote(JobRecord.Kind.VERIFY, location, "/" + of, ErrorCode.STORE_DAMAGED)
        .map(note -> Integer.parseInt(note.substring("part ".length(), note.indexOf('/'))))
        .map(last -> last % of + 1)
        .orElse(1);
  }

  private Result run(PointStore repository, VerifyOptions options, String location, String note) {
    return JobRun.run(
        context,
        JobRecord.Kind.VERIFY,
        "verify " + location,
        location,
        location,
        run -> verify(run, repository, options, note));
  }

  private Result verify(JobRun run, PointStore repository, VerifyOptions options, String note) {
    run.enter(Phase.CHECK, note);
    VerifyReport report =
        repository.verify(
            options,
            new VerifyReport.Progress() {
              private final long startNanos = System.nanoTime();

              @Override
              public void at(long bytesDone, long bytesTotal) {
                context.control().check();
                context
                    .listener()
                    .advanced(Phase.CHECK, progress(startNanos, bytesDone, bytesTotal));
              }
            });
    record(repository, report);
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
    return new Result(run.id(), report, note, run.elapsed());
  }

  /** What was found must not count as stored any more. A store that is only read stays as it is. */
  private void record(PointStore points, VerifyReport report) {
    if (report.whole() || !(points instanceof Repository repository)) {
      return;
    }
    try {
      repository.recordDamage(report);
    } catch (SendenseException e) {
      context
          .listener()
          .warned("the damage could not be recorded in the repository: " + e.getMessage());
    }
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
