package io.sendense.engine;

import io.sendense.connectors.spi.TargetConnector;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.state.JobLocks;
import io.sendense.engine.state.JobRecord;
import io.sendense.engine.state.RestoreSteps;
import io.sendense.repository.format.PointDisk;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.PointReader;
import io.sendense.repository.format.PointStore;
import io.sendense.repository.format.Recall;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RestorePoint;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One restore of some disks of a point to new disks: write, flush, read back and compare, finish.
 *
 * <p>It asks no licence. A disk gets its final name only after what was written has been read back
 * from the target and compared with the point; whatever ends the job before removes what it wrote.
 * Several disks are restored at once, each by many threads. Each disk that was proved is written
 * down, so that after a crash of the process the same restore goes on with the others; what failed
 * or was cancelled is rolled back instead.
 */
public final class RestoreJob {
  private final JobContext context;

  public RestoreJob(JobContext context) {
    this.context = context;
  }

  /**
   * Runs the job to its end.
   *
   * @param disks positions in the point, each once
   * @param target makes the disks; asked for one at a time, from several threads
   * @param place what is written to, for the job's record and to keep two restores to it apart
   * @throws SendenseException NOT_FOUND, STORE_DAMAGED naming what cannot be restored,
   *     STORE_ARCHIVED saying what must be brought back first, NO_SPACE, ALREADY_EXISTS, CONFLICT,
   *     CANCELLED, DEADLINE_EXCEEDED; every disk that was made for it is removed
   */
  public RestoreReport run(
      PointStore repository,
      PointId point,
      List<Integer> disks,
      TargetConnector target,
      String place,
      String location) {
    return run(repository, point, disks, target, place, location, () -> {});
  }

  /**
   * Runs the job to its end, which is what {@code completion} does with the finished disks: where
   * it fails, the job has failed.
   *
   * @throws SendenseException as above, and what {@code completion} throws
   */
  public RestoreReport run(
      PointStore repository,
      PointId point,
      List<Integer> disks,
      TargetConnector target,
      String place,
      String location,
      Runnable completion) {
    return JobRun.run(
        context,
        JobRecord.Kind.RESTORE,
        "restore to " + place,
        point.toString(),
        location,
        run -> restore(run, repository, point, disks, target, place, completion));
  }

  /**
   * Removes what an interrupted restore of the point left at a place: what is half written, and the
   * disks that it had finished.
   *
   * @throws SendenseException CONFLICT while such a restore is at work
   */
  public void rollBack(
      RestorePoint point, List<Integer> disks, TargetConnector target, String place) {
    RestoreSteps steps = context.state().restores();
    try (JobLocks.Held _ =
        context.state().locks().take("restore to " + place, "a restore to " + place + " runs")) {
      boolean ours = steps.isOpen(place, point.id().toString());
      Set<String> proved = ours ? steps.begin(place, point.id().toString()) : Set.of();
      for (int index : disks) {
        PointDisk disk = point.disks().get(index);
        if (proved.contains(disk.name()) && target.adopt(disk.name(), disk.sizeBytes())) {
          target.undo(disk.name());
        }
        target.reap(disk.name());
      }
      steps.end(place);
    }
  }

  private RestoreReport restore(
      JobRun run,
      PointStore repository,
      PointId point,
      List<Integer> disks,
      TargetConnector target,
      String place,
      Runnable completion) {
    if (repository instanceof Repository sealed) {
      checkReadable(sealed.recall(point, false), point);
    }
    RestoreSteps steps = context.state().restores();
    Set<String> proved = steps.begin(place, point.toString());
    try (PointReader reader = repository.read(point)) {
      DiskRestores restores = new DiskRestores(context, run, reader, target, place, proved);
      try {
        restores.run(disks);
        completion.run();
      } catch (RuntimeException | Error e) {
        rollBack(restores, steps, place, e);
        throw e;
      }
      steps.end(place);
      run.succeed(
          Optional.of(point.toString()),
          Optional.empty(),
          restores.kept() == 0
              ? Optional.empty()
              : Optional.of(
                  "went on after an interruption, with "
                      + restores.kept()
                      + " disks proved before"),
          new JobRecord.Bytes(restores.written() + restores.proved(), 0, restores.written()));
      return new RestoreReport(
          run.id(),
          reader.point(),
          disks.stream().map(index -> report(reader, index)).toList(),
          restores.written(),
          restores.proved(),
          restores.kept(),
          run.elapsed());
    }
  }

  private static RestoreReport.Disk report(PointReader reader, int index) {
    PointDisk disk = reader.point().disks().get(index);
    return new RestoreReport.Disk(index, disk.name(), disk.sizeBytes(), disk.root().hex());
  }

  /** A cancelled job arrives here interrupted, which must not keep anything from being removed. */
  private static void rollBack(
      DiskRestores restores, RestoreSteps steps, String place, Throwable why) {
    boolean interrupted = Thread.interrupted();
    try {
      restores.undo();
      steps.end(place);
    } catch (RuntimeException e) {
      why.addSuppressed(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void checkReadable(Recall recall, PointId point) {
    if (!recall.readable()) {
      throw new SendenseException(
          ErrorCode.STORE_ARCHIVED,
          recall.archived()
              + recall.underWay()
              + " of the "
              + recall.packs()
              + " packs of point "
              + point
              + ", "
              + recall.bytes()
              + " bytes, lie in the archive; "
              + recall.underWay()
              + " of them are on their way back",
          "Run `repository rehydrate R --point " + point + " --wait 48h`, then restore.");
    }
  }
}
