package io.sendense.recovery.disk;

import io.sendense.recovery.block.BlockSource;
import io.sendense.recovery.block.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the volumes of a machine's disks. Reads the tables and the metadata of volume groups, and
 * nothing of the file systems.
 */
public final class Volumes {
  private Volumes() {}

  /** In the order of disks and tables; logical volumes in the place of what they lie on. */
  public static Found find(List<GuestDisk> disks) {
    List<GuestVolume> plain = new ArrayList<>();
    for (GuestDisk disk : disks) {
      List<Partition> partitions =
          Gpt.read(disk.source()).or(() -> Mbr.read(disk.source())).orElse(List.of());
      if (partitions.isEmpty()) {
        plain.add(new GuestVolume(disk.name(), "whole disk", disk.source()));
      }
      for (Partition partition : partitions) {
        BlockSource part = new Window(disk.source(), partition.offset(), partition.length());
        plain.add(
            new GuestVolume(disk.name() + "p" + partition.number(), partition.origin(), part));
      }
    }
    List<String> notes = new ArrayList<>();
    List<GuestVolume> found = new ArrayList<>();
    LvmGroups groups = new LvmGroups(notes);
    for (GuestVolume volume : plain) {
      if (!groups.took(volume)) {
        found.add(volume);
      }
    }
    found.addAll(groups.volumes());
    return new Found(List.copyOf(found), List.copyOf(notes));
  }

  /**
   * What there is.
   *
   * @param notes what was recognised and cannot be read, and why
   */
  public record Found(List<GuestVolume> volumes, List<String> notes) {}
}
