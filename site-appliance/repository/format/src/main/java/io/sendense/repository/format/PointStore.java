package io.sendense.repository.format;

import java.util.List;
import java.util.Optional;

/**
 * Where restore points live, as far as a job has to know: what backup, restore, export and
 * verification need of any kind of repository. Thread-safe.
 */
public interface PointStore extends AutoCloseable {
  /** All points, and what could not be read. */
  PointCatalogue catalogue();

  /** The readable points, by virtual machine, then sequence. */
  default List<RestorePoint> points() {
    return catalogue().points();
  }

  /**
   * One point.
   *
   * @throws io.sendense.domain.SendenseException NOT_FOUND, STORE_DAMAGED, STORE_UNKNOWN_VERSION
   */
  RestorePoint point(PointId id);

  /** The newest readable point of a virtual machine, by sequence. */
  Optional<RestorePoint> latest(String vm);

  /**
   * Begins a point.
   *
   * @throws io.sendense.domain.SendenseException NOT_FOUND or STORE_DAMAGED for the parent;
   *     CONFLICT where this kind of repository cannot take the point now; the store's own failures
   */
  PointWriter beginPoint(PointDraft draft);

  /**
   * Opens a point for reading.
   *
   * @throws io.sendense.domain.SendenseException as {@link #point}
   */
  PointReader read(PointId id);

  /** Examines the repository; what is wrong is in the report, not thrown. */
  VerifyReport verify(VerifyOptions options, VerifyReport.Progress progress);

  /** Chunk size of new disk lineages. */
  int chunkBytes();

  /** May be called twice. */
  @Override
  void close();
}
