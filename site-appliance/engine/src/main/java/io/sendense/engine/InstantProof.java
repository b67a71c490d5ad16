package io.sendense.engine;

import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.connectors.spi.InstantTarget;
import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.instant.InstantRecord;
import io.sendense.repository.format.PointReader;
import io.sendense.repository.format.StoredDisk;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Compares a moved machine with the point it ran from: frozen at one instant, while its guest goes
 * on, everything that the guest has not written since it was started has to be the point's, byte
 * for byte. What the guest wrote cannot be compared with anything and is counted.
 */
final class InstantProof {
  private final JobContext context;
  private final InstantTarget target;
  private final InstantRecord record;
  private final PointReader point;

  InstantProof(JobContext context, InstantTarget target, InstantRecord record, PointReader point) {
    this.context = context;
    this.target = target;
    this.record = record;
    this.point = point;
  }

  record Result(long provedBytes, long writtenBytes) {
    static final Result NONE = new Result(0, 0);
  }

  /**
   * @throws SendenseException CONFLICT where the platform lost what it noted of the guest's writes;
   *     INTERNAL where a byte differs
   */
  Result run() {
    Optional<Baseline> since = record.baseline().map(Baseline::new);
    try (Capture capture = target.written(record.id()).capture(since)) {
      Map<String, CapturedDisk> found = new HashMap<>();
      capture.disks().forEach(disk -> found.put(disk.name(), disk));
      long total = point.point().disks().stream().mapToLong(disk -> disk.sizeBytes()).sum();
      ProgressMeter meter = new ProgressMeter(context.listener(), Phase.READ_BACK, total);
      long proved = 0;
      long written = 0;
      for (int i = 0; i < point.point().disks().size(); i++) {
        StoredDisk stored = point.disk(i);
        CapturedDisk disk = found.get(target.nameOf(record.id(), stored.name()));
        if (disk == null) {
          throw unproved(stored, "it is no longer a disk of the machine");
        }
        switch (disk.changes()) {
          case ChangeSet.Untracked lost -> throw unproved(stored, lost.reason());
          case ChangeSet.Tracked tracked -> {
            List<BlockRange> clean = unwritten(tracked.ranges(), stored.sizeBytes());
            long bytes = clean.stream().mapToLong(BlockRange::length).sum();
            meter.add(stored.sizeBytes() - bytes);
            prove(stored, disk, clean, meter);
            proved += bytes;
            written += stored.sizeBytes() - bytes;
          }
        }
      }
      meter.finish();
      return new Result(proved, written);
    }
  }

  private SendenseException unproved(StoredDisk stored, String why) {
    return new SendenseException(
        ErrorCode.CONFLICT,
        "disk "
            + stored.name()
            + " of "
            + record.name()
            + " is moved, but which blocks its guest wrote is not known: "
            + why,
        "The machine runs on its own disks. Take it as it is with: instant finish --unproved");
  }

  /** What lies between the written ranges. */
  static List<BlockRange> unwritten(List<BlockRange> written, long sizeBytes) {
    List<BlockRange> clean = new ArrayList<>();
    long from = 0;
    for (BlockRange range : written) {
      long to = Math.min(range.offset(), sizeBytes);
      if (to > from) {
        clean.add(new BlockRange(from, to - from));
      }
      from = Math.max(from, range.end());
    }
    if (from < sizeBytes) {
      clean.add(new BlockRange(from, sizeBytes - from));
    }
    return clean;
  }

  private void prove(
      StoredDisk stored, CapturedDisk disk, List<BlockRange> clean, ProgressMeter meter) {
    ChunkSet all = ChunkSet.touchedBy(clean, stored.sizeBytes(), stored.chunkBytes());
    ChunkQueue here = new ChunkQueue(all, disk.reader()::allocated);
    ChunkQueue there = new ChunkQueue(all, stored::allocated);
    AtomicLong from = new AtomicLong();
    Object order = new Object();
    ChunkWorkers.run(
        context.settings().threads(),
        context.control(),
        () -> {
          ByteBuffer expected = ByteBuffer.allocateDirect(stored.chunkBytes());
          ByteBuffer found = ByteBuffer.allocateDirect(stored.chunkBytes());
          return () -> {
            ChunkQueue.Chunk chunk;
            List<BlockRange> parts;
            boolean hole;
            synchronized (order) {
              Optional<ChunkQueue.Chunk> mine = here.take();
              Optional<ChunkQueue.Chunk> other = there.take();
              if (mine.isEmpty() || other.isEmpty()) {
                return false;
              }
              chunk = mine.get();
              hole = chunk.data().isEmpty() && other.get().data().isEmpty();
              parts = parts(clean, chunk.range(), from);
            }
            for (BlockRange part : parts) {
              if (!hole) {
                compare(stored, disk, part, expected, found);
              }
              meter.add(part.length());
            }
            return true;
          };
        });
  }

  /** The clean parts of a chunk; chunks come in ascending order, so the search goes on forward. */
  private static List<BlockRange> parts(
      List<BlockRange> clean, BlockRange chunk, AtomicLong position) {
    int i = (int) position.get();
    while (i < clean.size() && clean.get(i).end() <= chunk.offset()) {
      i++;
    }
    position.set(i);
    List<BlockRange> parts = new ArrayList<>();
    for (; i < clean.size() && clean.get(i).offset() < chunk.end(); i++) {
      long from = Math.max(clean.get(i).offset(), chunk.offset());
      parts.add(new BlockRange(from, Math.min(clean.get(i).end(), chunk.end()) - from));
    }
    return parts;
  }

  private void compare(
      StoredDisk stored,
      CapturedDisk disk,
      BlockRange part,
      ByteBuffer expected,
      ByteBuffer found) {
    int length = (int) part.length();
    stored.read(part.offset(), expected.clear().limit(length));
    disk.reader().read(part.offset(), found.clear().limit(length));
    int at = expected.clear().limit(length).mismatch(found.clear().limit(length));
    if (at >= 0) {
      throw new SendenseException(
          ErrorCode.INTERNAL,
          "disk "
              + stored.name()
              + " of "
              + record.name()
              + " differs from the point at byte "
              + (part.offset() + at)
              + ", which its guest did not write",
          "Check the medium of its images. The point is whole: discard this recovery and start"
              + " another one, or restore in full.");
    }
  }
}
