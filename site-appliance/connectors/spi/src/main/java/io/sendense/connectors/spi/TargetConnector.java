package io.sendense.connectors.spi;

/** The target half of a connector: makes disks that a restore fills. */
public interface TargetConnector {
  /**
   * Creates a disk of {@code sizeBytes} zeros for the disk {@code name} of the restored machine.
   *
   * @throws io.sendense.domain.SendenseException ALREADY_EXISTS where something of that name is
   *     there, which is left untouched; NO_SPACE
   */
  TargetDisk createDisk(String name, long sizeBytes);

  /**
   * Removes what an interrupted restore of the disk {@code name} to this target left behind, by its
   * owner records. Called before {@link #createDisk}, while no other restore to this target runs.
   */
  default void reap(String name) {}

  /**
   * Takes over the disk {@code name} that an interrupted restore to this target had written, proved
   * and finished, or was about to give its final name.
   *
   * @return false where it is not there whole; it then has to be made again, after {@link #reap}
   */
  default boolean adopt(String name, long sizeBytes) {
    return false;
  }

  /**
   * Removes the disk {@code name}, which this restore finished or adopted, because the restore as a
   * whole failed. A target that removes its disks as one does nothing here.
   */
  default void undo(String name) {}
}
