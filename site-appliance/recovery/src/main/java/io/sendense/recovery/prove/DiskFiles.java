package io.sendense.recovery.prove;

import java.util.List;

/**
 * What was found on one disk from outside.
 *
 * @param disk its name, or the volume group for what lies on several
 */
public record DiskFiles(String disk, List<VolumeFiles> volumes) {
  public DiskFiles {
    volumes = List.copyOf(volumes);
  }

  /**
   * A volume.
   *
   * @param holds file system or what else is recognised
   * @param read whether it is a file system that was read
   * @param entries files and directories that were read
   * @param damage the first things that were wrong; empty where nothing was
   * @param complete whether all of it was read within the bounds
   */
  public record VolumeFiles(
      String volume,
      String holds,
      boolean read,
      long entries,
      List<String> damage,
      boolean complete) {
    public VolumeFiles {
      damage = List.copyOf(damage);
    }
  }
}
