package io.sendense.repository.format;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A sealed restore point, as its authenticated object tells it.
 *
 * @param vm name of the virtual machine
 * @param sequence 1 for the first point of a lineage and its parent's plus one after; orders a
 *     virtual machine's points even where clocks were wrong
 * @param takenAt when the source's state was taken, by the appliance's clock
 * @param createdAt when the point was sealed, by the appliance's clock
 * @param parent the point whose content was inherited where nothing was written
 * @param annotations whatever the maker wanted kept, such as the connector's baseline token
 */
public record RestorePoint(
    PointId id,
    String vm,
    long sequence,
    List<PointDisk> disks,
    Instant takenAt,
    Instant createdAt,
    Optional<PointId> parent,
    Consistency consistency,
    Map<String, String> annotations,
    PointStatistics statistics) {
  public RestorePoint {
    disks = List.copyOf(disks);
    annotations = Map.copyOf(annotations);
  }

  /** Position of a disk by its name. */
  public Optional<Integer> diskNamed(String name) {
    for (int i = 0; i < disks.size(); i++) {
      if (disks.get(i).name().equals(name)) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }
}
