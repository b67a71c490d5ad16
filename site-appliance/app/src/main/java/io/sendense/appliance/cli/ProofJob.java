package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.JobContext;
import io.sendense.engine.ProveJob;
import io.sendense.recovery.machine.Shape;
import io.sendense.recovery.proof.ProofRecord;
import io.sendense.recovery.prove.Check;
import io.sendense.recovery.prove.CheckResult;
import io.sendense.recovery.prove.ProofRun;
import io.sendense.repository.format.PointStore;
import io.sendense.repository.format.RestorePoint;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A proof with its place among the jobs, for the command and for the running appliance. */
public final class ProofJob {
  private ProofJob() {}

  /**
   * Proves a point on the calling platform thread. It ends early when the job's control says so.
   *
   * @param began moment of {@link System#nanoTime} from which the recovery time counts
   * @throws SendenseException as {@link Proving#run}; CONFLICT where the point is being proved;
   *     CANCELLED or DEADLINE_EXCEEDED by the control
   */
  public static Proving.Proved run(
      JobContext context,
      Proving proving,
      PointStore repository,
      String location,
      RestorePoint point,
      Shape shape,
      List<Check> checks,
      long began) {
    return ProveJob.run(
        context,
        point.vm(),
        point.id().toString(),
        location,
        steps -> {
          Proving.Proved proved;
          try {
            proved =
                proving.run(repository, point, shape, checks, began, new Steps(context, steps));
          } catch (SendenseException e) {
            context.control().check(); // says why it was over
            throw e;
          }
          return new ProveJob.Result<>(proved, failure(proved.record()));
        });
  }

  private record Steps(JobContext context, ProveJob.Steps steps) implements ProofRun.Watch {
    @Override
    public boolean over() {
      try {
        context.control().check();
        return false;
      } catch (SendenseException e) {
        return true;
      }
    }

    @Override
    public void made(CheckResult result, int done, int of) {
      if (!over()) {
        steps.made(done, of, result.check().spec() + " " + result.verdict());
      }
    }
  }

  /** Why a point is not proved, in a sentence. */
  public static Optional<SendenseException> failure(ProofRecord record) {
    if (record.passed()) {
      return Optional.empty();
    }
    String failed =
        record.checks().stream()
            .filter(check -> check.required() && !check.verdict().equals("PASSED"))
            .map(check -> check.spec() + " " + check.verdict() + ", " + check.detail())
            .collect(Collectors.joining("; "));
    return Optional.of(
        new SendenseException(
            ErrorCode.GUEST_DAMAGED,
            "point " + record.point() + " is not proved: " + failed,
            "Look at the console log and the screenshot beside its record."));
  }
}
