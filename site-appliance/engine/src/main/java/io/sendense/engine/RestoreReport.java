package io.sendense.engine;

import io.sendense.repository.format.RestorePoint;
import java.time.Duration;
import java.util.List;

/**
 * What a restore did; it exists only when everything written was read back and proved.
 *
 * @param bytesWritten to the targets
 * @param bytesProved read back from the targets and compared with the point's trees; holes that the
 *     medium itself reports are counted, not read
 * @param disksKept that the same restore had proved before it was interrupted
 */
public record RestoreReport(
    String job,
    RestorePoint point,
    List<Disk> disks,
    long bytesWritten,
    long bytesProved,
    int disksKept,
    Duration duration) {
  public RestoreReport {
    disks = List.copyOf(disks);
  }

  /**
   * @param index position in the point
   */
  public record Disk(int index, String name, long sizeBytes, String rootHash) {}
}
