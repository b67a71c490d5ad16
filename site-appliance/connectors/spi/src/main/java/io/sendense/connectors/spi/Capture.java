package io.sendense.connectors.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A consistent point in time of all disks of one virtual machine, held open for reading.
 *
 * <p>It ends in exactly one of two ways. {@link #commit} makes this point the baseline of the next
 * capture. {@link #close} without a commit gives the old baseline back, with everything written
 * since then still tracked, so that a failed job loses no change. In both cases nothing of the
 * capture stays behind on the source but what the valid baseline names: a bitmap, a checkpoint, or
 * on platforms that compare two snapshots the one snapshot to compare with. The owner calls all
 * methods from one thread; the readers of the disks may be used from many.
 */
public interface Capture extends AutoCloseable {
  /** When the point in time was taken; no write acknowledged to the guest before it is missing. */
  Instant takenAt();

  /** All disks, in a stable order. */
  List<CapturedDisk> disks();

  /** What the source guarantees about the content. */
  Consistency consistency();

  /**
   * Makes this point the baseline named {@link #baseline}. Called only after the target has
   * acknowledged everything durably.
   *
   * @throws io.sendense.domain.SendenseException if the source could not be told; the next capture
   *     then finds no baseline and falls back to a full compare, so nothing is lost
   */
  void commit();

  /** The machine as it was at that instant; empty where the source knows only its disks. */
  default Optional<Machine> machine() {
    return Optional.empty();
  }

  /**
   * How long the guest's file systems stood still at most, as measured; empty where they did not.
   */
  default Optional<Duration> stoodStill() {
    return Optional.empty();
  }

  /** What a person should know of how the point was taken, in sentences. */
  default List<String> notes() {
    return List.of();
  }

  /** Name of the baseline that this capture becomes when committed. Opaque to the caller. */
  Baseline baseline();

  /** Ends the capture and removes everything it made on the source. May be called twice. */
  @Override
  void close();

  /**
   * Crash: as after a power cut. File system: guest file systems frozen. Application: also told.
   */
  enum Consistency {
    CRASH,
    FILE_SYSTEM,
    APPLICATION
  }
}
