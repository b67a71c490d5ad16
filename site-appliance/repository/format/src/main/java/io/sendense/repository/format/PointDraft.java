package io.sendense.repository.format;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a point is to become.
 *
 * @param vm name of the virtual machine, 1 to 200 characters
 * @param takenAt when the source's state was taken
 * @param parent the point to inherit from where nothing is written; empty for a full one, whose
 *     chunks never written are zeros. A disk the parent does not have starts as zeros
 * @param disks 1 to 256, with different names
 * @param reuses false for a parent that is damaged: nothing of its trees and none of the chunks
 *     stored before is relied on, only the lineage (sequence, chunk sizes) goes on. Chunks never
 *     written are zeros then
 */
public record PointDraft(
    String vm,
    Instant takenAt,
    Consistency consistency,
    Optional<PointId> parent,
    List<Disk> disks,
    boolean reuses) {
  public PointDraft {
    disks = List.copyOf(disks);
    checkText("the name of a virtual machine", vm);
    if (disks.isEmpty() || disks.size() > 256) {
      throw new IllegalArgumentException("a point has 1 to 256 disks, got " + disks.size());
    }
    Set<String> names = new HashSet<>();
    for (Disk disk : disks) {
      if (!names.add(disk.name())) {
        throw new IllegalArgumentException("two disks are named " + disk.name());
      }
    }
  }

  /** A point that reuses what is stored. */
  public PointDraft(
      String vm,
      Instant takenAt,
      Consistency consistency,
      Optional<PointId> parent,
      List<Disk> disks) {
    this(vm, takenAt, consistency, parent, disks, true);
  }

  /**
   * A disk of the point. It is matched with the parent's disk of the same name, whose chunk size it
   * keeps; its size may differ. Beyond a smaller parent's end it is zeros unless written.
   *
   * @param name stable name within the virtual machine, 1 to 200 characters
   * @param sizeBytes 1 byte to 1 EiB
   */
  public record Disk(String name, long sizeBytes) {
    public Disk {
      checkText("the name of a disk", name);
      if (sizeBytes <= 0 || sizeBytes > 1L << 60) {
        throw new IllegalArgumentException("disk " + name + " has the size " + sizeBytes);
      }
    }
  }

  private static void checkText(String what, String text) {
    if (text.isBlank() || text.length() > 200) {
      throw new IllegalArgumentException(what + " has 1 to 200 characters");
    }
  }
}
