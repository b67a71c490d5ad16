package io.sendense.engine;

import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.domain.BlockRange;
import io.sendense.repository.format.PointDisk;
import java.util.List;
import java.util.Optional;

/**
 * Which chunks of one disk a backup looks at, and why.
 *
 * @param index position in the capture and in the point
 * @param chunks to read and hand to the store
 * @param inherits whether what is left out keeps the earlier point's content, rather than zeros
 * @param tracked whether what is left out is so on a tracker's word and has to be sampled
 * @param bytesReported as changed by the tracker
 * @param warning a change of the disk that must not go unnoticed
 */
record DiskPlan(
    int index,
    CapturedDisk disk,
    BackupMode mode,
    String reason,
    ChunkSet chunks,
    boolean inherits,
    boolean tracked,
    long bytesReported,
    Optional<String> warning) {

  /**
   * @param before the same disk in the point that the new one inherits from
   */
  static DiskPlan of(int index, CapturedDisk disk, Optional<PointDisk> before, int chunkBytes) {
    long size = disk.reader().sizeBytes();
    ChunkSet all = ChunkSet.all(size, chunkBytes);
    if (before.isEmpty()) {
      String reason = "first point of disk " + disk.name();
      return new DiskPlan(
          index, disk, BackupMode.FULL, reason, all, false, false, 0, Optional.empty());
    }
    long sizeBefore = before.get().sizeBytes();
    if (sizeBefore != size) {
      String reason =
          "disk "
              + disk.name()
              + (size > sizeBefore ? " grew" : " shrank")
              + " from "
              + sizeBefore
              + " to "
              + size
              + " bytes, so it was compared in full";
      return new DiskPlan(
          index, disk, BackupMode.COMPARE, reason, all, true, false, 0, Optional.of(reason));
    }
    return switch (disk.changes()) {
      case ChangeSet.Untracked untracked ->
          new DiskPlan(
              index,
              disk,
              BackupMode.COMPARE,
              untracked.reason(),
              all,
              true,
              false,
              0,
              Optional.empty());
      case ChangeSet.Tracked(String tracker, List<BlockRange> ranges) ->
          new DiskPlan(
              index,
              disk,
              BackupMode.INCREMENTAL,
              "changes since the point before come from " + tracker,
              ChunkSet.touchedBy(ranges, size, chunkBytes),
              true,
              true,
              ranges.stream().mapToLong(BlockRange::length).sum(),
              Optional.empty());
    };
  }

  /** The same plan with another reason. */
  DiskPlan because(String why) {
    return new DiskPlan(index, disk, mode, why, chunks, inherits, tracked, bytesReported, warning);
  }

  /** The same disk, where the repository lost some of what the new point would inherit. */
  DiskPlan restoring(List<BlockRange> lost, int chunkBytes) {
    if (lost.isEmpty()) {
      return this;
    }
    long bytes = lost.stream().mapToLong(BlockRange::length).sum();
    String why =
        bytes
            + " bytes of disk "
            + disk.name()
            + " are recorded as damaged in the repository and were read from the source again";
    return new DiskPlan(
        index,
        disk,
        mode,
        reason,
        chunks.with(ChunkSet.touchedBy(lost, disk.reader().sizeBytes(), chunkBytes)),
        inherits,
        tracked,
        bytesReported,
        Optional.of(warning.map(w -> w + "; " + why).orElse(why)));
  }

  /** The same disk after its tracker was found to have missed a write. */
  DiskPlan distrusting(BlockRange missed) {
    String tracker =
        disk.changes() instanceof ChangeSet.Tracked tracked ? tracked.tracker() : "the tracker";
    String why =
        tracker
            + " says that disk "
            + disk.name()
            + " is unchanged at bytes "
            + missed.offset()
            + " to "
            + missed.end()
            + ", but it differs from what is stored; the whole disk was"
            + " compared";
    ChunkSet rest = chunks.complement();
    return new DiskPlan(
        index, disk, BackupMode.COMPARE, why, rest, true, false, bytesReported, Optional.of(why));
  }
}
