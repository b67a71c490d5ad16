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
}
