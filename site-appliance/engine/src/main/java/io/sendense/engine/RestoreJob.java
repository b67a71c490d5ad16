package io.sendense.engine;

import io.sendense.connectors.spi.TargetConnector;
import io.sendense.connectors.spi.TargetDisk;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.state.JobRecord;
import io.sendense.repository.format.PointDisk;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.PointReader;
import io.sendense.repository.format.PointStore;
import io.sendense.repository.format.Recall;
import io.sendense.repository.format.Repository;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One restore of some disks of a point to new disks: write, flush, read back and compare, finish.
 *
 * <p>It asks no licence. A disk gets its final name only after what was written has been read back
 * from the target and compared with the point; whatever ends the job before removes what it wrote.
 * Disks are restored one after another, each by many threads.
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
   * @param target makes the disks; asked in the order of {@code disks}
   * @param place what is written to, for the job's record and to keep two restores to it apart
   * @throws SendenseException NOT_FOUND, STORE_DAMAGED naming what cannot be restored,
   *     STORE_ARCHIVED saying what must be brought back first, NO_SPACE, ALREADY_EXISTS, CONFLICT,
   *     CANCELLED, DEADLINE_EXCEEDED; disks finished before stay, the one at work is removed
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
        run -> restore(run, repository, point, disks, target, completion));
  }

  private RestoreReport restore(
      JobRun run,
      PointStore repository,
      PointId point,
      List<Integer> disks,
      TargetConnector target,
      Runnable completion) {
    if (repository instanceof Repository sealed) {
      checkReadable(sealed.recall(point, false), point);
    }
    try (PointReader reader = repository.read(point)) {
      List<PointDisk> all = reader.point().disks();
      List<RestoreReport.Disk> done = new ArrayList<>();
      long written = 0;
      long proved = 0;
      for (int index : disks) {
        PointDisk disk = all.get(index);
        target.reap(disk.name());
        try (TargetDisk made = target.createDisk(disk.name(), disk.sizeBytes())) {
          DiskRestore restore = new DiskRestore(context, reader.disk(index), made);
          written += write(run, restore, disk, made);
          proved += readBack(run, restore, disk);
          run.enter(Phase.FINISH);
          made.finish();
        }
        done.add(new RestoreReport.Disk(index, disk.name(), disk.sizeBytes(), disk.root().hex()));
      }
      completion.run();
      run.succeed(
          Optional.of(point.toString()),
          Optional.empty(),
          Optional.empty(),
          new JobRecord.Bytes(written + proved, 0, written));
      return new RestoreReport(run.id(), reader.point(), done, written, proved, run.elapsed());
    }
  }

  private long write(JobRun run, DiskRestore restore, PointDisk disk, TargetDisk target) {
    run.enter(Phase.WRITE);
    ChunkSet chunks = ChunkSet.all(disk.sizeBytes(), disk.chunkBytes());
    ProgressMeter meter = new ProgressMeter(context.listener(), Phase.WRITE, chunks.bytes());
    restore.write(chunks, meter);
    target.flush();
    meter.finish();
    return restore.bytesWritten();
  }

  private long readBack(JobRun run, DiskRestore restore, PointDisk disk) {
    run.enter(Phase.READ_BACK);
    ChunkSet chunks = ChunkSet.all(disk.sizeBytes(), disk.chunkBytes());
    ProgressMeter meter = new ProgressMeter(context.listener(), Phase.READ_BACK, chunks.bytes());
    restore.prove(chunks, meter);
    meter.finish();
    return disk.sizeBytes();
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
