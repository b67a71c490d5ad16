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
}
