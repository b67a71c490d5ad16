package io.sendense.connectors.disk;

import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Plain disks held open. There is nothing on the source to commit: its bitmaps are its owner's. */
final class DiskCapture implements Capture {
  private final Instant takenAt;
  private final List<CapturedDisk> disks;
  private final Baseline baseline;
  private final List<AutoCloseable> opened;
  private boolean closed;

  DiskCapture(
      Instant takenAt, List<CapturedDisk> disks, Baseline baseline, List<AutoCloseable> opened) {
    this.takenAt = takenAt;
    this.disks = List.copyOf(disks);
    this.baseline = baseline;
    this.opened = new ArrayList<>(opened);
  }

  @Override
  public Instant takenAt() {
    return takenAt;
  }

  @Override
  public List<CapturedDisk> disks() {
    return disks;
  }

  @Override
  public Consistency consistency() {
    return Consistency.CRASH;
  }

  @Override
  public void commit() {
    // Nothing is told to the disks: the baseline is only their places, kept with the point.
    if (closed) {
      throw new SendenseException(
          ErrorCode.CONFLICT, "the capture has ended and cannot be committed", "Capture again.");
    }
  }

  @Override
  public Baseline baseline() {
    return baseline;
  }

  @Override
  public void close() {
    closed = true;
    SendenseException failure =
        new SendenseException(
            ErrorCode.INTERNAL,
            "not everything that was opened to read the disks could be closed",
            "The next backup of this machine clears it.");
    closeAll(opened, failure);
    opened.clear();
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }

  /** Closes in reverse order; what fails is added to {@code failure}. */
  static void closeAll(List<AutoCloseable> opened, Throwable failure) {
    for (AutoCloseable resource : opened.reversed()) {
      try {
        resource.close();
      } catch (Exception e) {
        failure.addSuppressed(e);
      }
    }
  }
}
