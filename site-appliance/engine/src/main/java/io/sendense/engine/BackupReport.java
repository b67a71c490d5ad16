package io.sendense.engine;

import io.sendense.engine.state.JobRecord;
import io.sendense.repository.format.RestorePoint;
import java.time.Duration;
import java.util.List;

/**
 * What a backup did.
 *
 * @param mode the widest of the disks' modes
 * @param reason why that mode, in a sentence
 * @param bytes read from the source, changed since the point before, newly stored
 * @param warnings what is not as it should be although the job succeeded
 * @param notes what a person may want to know of the machine and of how the point was taken
 */
public record BackupReport(
    String job,
    RestorePoint point,
    BackupMode mode,
    String reason,
    JobRecord.Bytes bytes,
    Duration duration,
    List<Disk> disks,
    List<String> warnings,
    List<String> notes) {
  public BackupReport {
    disks = List.copyOf(disks);
    warnings = List.copyOf(warnings);
    notes = List.copyOf(notes);
  }

  /**
   * One disk's part.
   *
   * @param bytesReported as changed by the tracker; 0 without one
   * @param chunksSampled outside the reported ranges
   */
  public record Disk(
      String name,
      long sizeBytes,
      BackupMode mode,
      String reason,
      long bytesReported,
      long bytesRead,
      long bytesChanged,
      int chunksSampled) {}
}
