package io.sendense.connectors.spi;

import java.util.Optional;

/**
 * The source half of a connector, bound to one virtual machine.
 *
 * <p>Every resource made on the source (snapshot, bitmap, scratch file, export) is first written to
 * the {@link OwnerRecords}, so that {@link #reap} can remove it after a crash.
 */
public interface SourceConnector {
  /**
   * Looks whether the machine can be captured, and turns change tracking on where the platform
   * needs that and it disturbs nothing. Called before {@link #capture}; may be called at any time.
   *
   * @throws io.sendense.domain.SendenseException SOURCE_UNREADABLE, UNAUTHENTICATED, FORBIDDEN,
   *     NOT_FOUND
   */
  default Readiness prepare() {
    return Readiness.READY;
  }

  /**
   * Takes a consistent point in time of all disks.
   *
   * @param baseline of the newest restore point; empty for a first capture. A baseline the source
   *     no longer knows is not an error: its disks come back {@link ChangeSet.Untracked}
   * @throws io.sendense.domain.SendenseException SOURCE_SNAPSHOT_FAILED; nothing stays behind
   */
  Capture capture(Optional<Baseline> baseline);

  /**
   * Ends the protection of the machine: removes what its baselines hold on the source, and nothing
   * of anyone else. The next capture finds no baseline. Idempotent.
   */
  default void forget() {}

  /**
   * Removes what an earlier process left behind on the source, by its owner records. Idempotent.
   */
  void reap();
}
