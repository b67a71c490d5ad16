package io.sendense.repository.format;

/** Reads one restore point. Thread-safe. */
public interface PointReader extends AutoCloseable {
  RestorePoint point();

  /**
   * One disk of the point.
   *
   * @param disk position in {@link RestorePoint#disks}
   */
  StoredDisk disk(int disk);

  /** Frees buffers. May be called twice. */
  @Override
  void close();
}
