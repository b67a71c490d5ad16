package io.sendense.connectors.cloudstack;

import io.sendense.connectors.spi.MachinePlan;
import java.nio.file.Path;
import java.util.Map;

/** One way in which images become a machine. */
interface Build {
  /** An image is written, proved and will not change. */
  void finished(MachinePlan.Disk disk, boolean root, Path image);

  /**
   * Makes the machine, off, with all disks and cards.
   *
   * @return its id
   */
  String make(MachinePlan plan, Map<String, Path> images);

  /**
   * Hands the machine over and removes what it does not need.
   *
   * @param started whether it was
   */
  void handOver(boolean started);
}
