package io.sendense.engine;

import io.sendense.connectors.spi.TargetConnector;
import io.sendense.connectors.spi.TargetDisk;
import io.sendense.repository.format.PointDisk;
import io.sendense.repository.format.PointReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The disks of one restore, several at once: each is made, written, proved and finished. */
final class DiskRestores {
  /** Each disk's threads hold two chunks each, so this bounds a restore's memory too. */
  private static final int AT_ONCE = 4;

  private final JobContext context;
  private final JobRun run;
  private final PointReader reader;
  private final TargetConnector target;
  private final String place;
  private final Set<String> provedBefore;
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong proved = new AtomicLong();

  /** Whoever holds it asks the target and the job's record; a target is asked by one at a time. */
  private final Object turn = new Object();

  private final List<String> there = new ArrayList<>();
  private int kept;
  private @Nullable Phase phase;

  DiskRestores(
      JobContext context,
      JobRun run,
      PointReader reader,
      TargetConnector target,
      String place,
      Set<String> provedBefore) {
    this.context = context;
    this.run = run;
    this.reader = reader;
    this.target = target;
    this.place = place;
    this.provedBefore = provedBefore;
  }

  long written() {
    return written.get();
  }

  long proved() {
    return proved.get();
  }

  /** Disks that an interrupted run of the same restore had proved. */
  int kept() {
    return kept;
  }

  /**
   * Returns when all are finished.
   *
   * @throws RuntimeException the first failure; what was finished before is still there
   */
  void run(List<Integer> disks) {
    long total = disks.stream().mapToLong(index -> disk(index).sizeBytes()).sum();
    ProgressMeter writing = new ProgressMeter(context.listener(), Phase.WRITE, total);
    ProgressMeter proving = new ProgressMeter(context.listener(), Phase.READ_BACK, total);
    Deque<Integer> waiting = new ArrayDeque<>(disks);
    int atOnce = Math.clamp(disks.size(), 1, AT_ONCE);
    JobSettings settings =
        context.settings().withThreads(Math.max(2, context.settings().threads() / atOnce));
    ChunkWorkers.run(
        atOnce,
        context.control(),
        () ->
            () -> {
              Optional<Integer> next;
              synchronized (waiting) {
                next = Optional.ofNullable(waiting.poll());
              }
              next.ifPresent(index -> restore(index, settings, writing, proving));
              return next.isPresent();
            });
  }

  private PointDisk disk(int index) {
    return reader.point().disks().get(index);
  }

  private void restore(
      int index, JobSettings settings, ProgressMeter writing, ProgressMeter proving) {
    PointDisk disk = disk(index);
    TargetDisk made;
    synchronized (turn) {
      if (provedBefore.contains(disk.name()) && target.adopt(disk.name(), disk.sizeBytes())) {
        there.add(disk.name());
        kept++;
        writing.add(disk.sizeBytes());
        proving.add(disk.sizeBytes());
        return;
      }
      target.reap(disk.name());
      made = target.createDisk(disk.name(), disk.sizeBytes());
    }
    try (made) {
      DiskRestore restore =
          new DiskRestore(context.withSettings(settings), reader.disk(index), made);
      ChunkSet chunks = ChunkSet.all(disk.sizeBytes(), disk.chunkBytes());
      enter(Phase.WRITE);
      restore.write(chunks, writing);
      made.flush();
      written.addAndGet(restore.bytesWritten());
      enter(Phase.READ_BACK);
      restore.prove(chunks, proving);
      proved.addAndGet(disk.sizeBytes());
      synchronized (turn) {
        enter(Phase.FINISH);
        context.state().restores().proved(place, disk.name());
        made.finish();
        there.add(disk.name());
      }
    }
  }

  /** With several disks at work the job's phase is that of the one that went on last. */
  private void enter(Phase next) {
    synchronized (turn) {
      if (phase != next) {
        run.enter(next);
        phase = next;
      }
    }
  }

  /** Removes every disk that was finished or adopted. */
  void undo() {
    synchronized (turn) {
      there.forEach(target::undo);
      there.clear();
    }
  }
}
