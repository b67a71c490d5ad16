package io.sendense.engine;

import io.sendense.domain.SendenseException;
import io.sendense.engine.state.JobRecord;
import io.sendense.repository.format.PointCopy;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RestorePoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Copies points from one repository to another of the same tenant, oldest first, so that each finds
 * the one before at the target. A point appears there only when everything moved for it was read
 * back. One copy between two repositories at a time; what a copy that was cut off had moved, the
 * next one uses.
 */
public final class CopyJob {
  /** Where a copied point keeps its baseline: it stands for a state in the other repository. */
  public static final String ORIGINAL_BASELINE = "copiedBaseline";

  private final JobContext context;
  private final Bandwidth bandwidth;

  public CopyJob(JobContext context, Bandwidth bandwidth) {
    this.context = context;
    this.bandwidth = bandwidth;
  }

  /**
   * What a copy job did.
   *
   * @param points one for each point asked for, in the order copied
   */
  public record Report(String job, List<PointCopy.Result> points, Duration duration) {
    public Report {
      points = List.copyOf(points);
    }

    /** Bytes that the target lacked, as the source keeps them; all of them were moved. */
    public long bytesMissing() {
      return points.stream().mapToLong(PointCopy.Result::bytesMissing).sum();
    }

    /** Bytes of all objects written at the target. */
    public long bytesStored() {
      return points.stream().mapToLong(PointCopy.Result::bytesStored).sum();
    }
  }

  /**
   * Runs the job to its end.
   *
   * @param points in any order
   * @param fromLocation of the source, for the job's record
   * @param toLocation of the target
   * @throws SendenseException FORBIDDEN where the repositories belong to different tenants,
   *     CONFLICT, CANCELLED, DEADLINE_EXCEEDED, either store's failures; points copied before stay
   */
  public Report run(
      Repository from,
      Repository to,
      List<PointId> points,
      String fromLocation,
      String toLocation) {
    return JobRun.run(
        context,
        JobRecord.Kind.COPY,
        "copy " + fromLocation + " to " + toLocation,
        "to " + toLocation,
        fromLocation,
        run -> copy(run, from, to, points));
  }

  private Report copy(JobRun run, Repository from, Repository to, List<PointId> points) {
    List<RestorePoint> inOrder =
        points.stream()
            .map(from::point)
            .sorted(
                java.util.Comparator.comparing(RestorePoint::vm)
                    .thenComparing(RestorePoint::sequence)
                    .thenComparing(RestorePoint::createdAt))
            .toList();
    List<PointCopy.Result> done = new ArrayList<>();
    for (RestorePoint point : inOrder) {
      run.enter(Phase.COPY);
      PointCopy.Result result = copy(to.copyFrom(from, point.id()));
      done.add(result);
    }
    Report report = new Report(run.id(), done, run.elapsed());
    run.succeed(
        inOrder.size() == 1 ? Optional.of(inOrder.getFirst().id().toString()) : Optional.empty(),
        Optional.empty(),
        Optional.of(inOrder.size() + " points"),
        new JobRecord.Bytes(report.bytesMissing(), report.bytesMissing(), report.bytesStored()));
    return report;
  }

  private PointCopy.Result copy(PointCopy copy) {
    long total = copy.there().isPresent() ? 0 : copy.bytesToCompare();
    ProgressMeter meter = new ProgressMeter(context.listener(), Phase.COPY, total);
    PointCopy.Result result =
        copy.run(
            annotations(copy.original()),
            context.settings().threads(),
            total,
            bytes -> bandwidth.pass(bytes, context.control()),
            new Advance(meter, context.control())::to);
    meter.finish();
    return result;
  }

  /** Turns a position into steps, and looks whether the job is to end. Called one at a time. */
  private static final class Advance {
    private final ProgressMeter meter;
    private final JobControl control;
    private long at;

    Advance(ProgressMeter meter, JobControl control) {
      this.meter = meter;
      this.control = control;
    }

    void to(long done, @SuppressWarnings("unused") long total) {
      control.check();
      meter.add(done - at);
      at = done;
    }
  }

  /**
   * The baseline belongs to the chain of points in its own repository. Were it taken for one of the
   * target's chain, a backup to there would move the tracker that the other chain goes by.
   */
  private static Map<String, String> annotations(RestorePoint point) {
    Map<String, String> all = new HashMap<>(point.annotations());
    Optional.ofNullable(all.remove(BackupJob.BASELINE))
        .ifPresent(token -> all.put(ORIGINAL_BASELINE, token));
    return all;
  }
}
