package io.sendense.repository.format;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a point says of itself beside its content, fixed before its first chunk is written.
 *
 * @param createdAt empty where the point is new and takes the time it is sealed
 * @param reuses whether anything stored before is relied on
 * @param roots what the disks' root hashes must be; empty where the content decides
 */
record PointStamp(
    PointId id,
    String vm,
    long sequence,
    Instant takenAt,
    Optional<Instant> createdAt,
    Optional<PointId> parent,
    Consistency consistency,
    boolean reuses,
    Optional<List<RootHash>> roots) {
  static PointStamp fresh(PointDraft draft, Optional<PointObject> parent, Environment environment) {
    return new PointStamp(
        TimeOrderedId.next(environment),
        draft.vm(),
        parent.map(p -> p.point().sequence()).orElse(0L) + 1,
        draft.takenAt(),
        Optional.empty(),
        draft.parent(),
        draft.consistency(),
        draft.reuses(),
        Optional.empty());
  }

  /** The same point in another repository: everything is kept but what making it costs. */
  static PointStamp copyOf(RestorePoint original) {
    return new PointStamp(
        original.id(),
        original.vm(),
        original.sequence(),
        original.takenAt(),
        Optional.of(original.createdAt()),
        original.parent(),
        original.consistency(),
        true,
        Optional.of(original.disks().stream().map(PointDisk::root).toList()));
  }

  RestorePoint point(
      List<PointDisk> disks, Instant now, Map<String, String> annotations, PointStatistics costs) {
    roots.ifPresent(expected -> checkRoots(disks, expected));
    return new RestorePoint(
        id,
        vm,
        sequence,
        disks,
        takenAt,
        createdAt.orElse(now),
        parent,
        consistency,
        annotations,
        costs);
  }

  private void checkRoots(List<PointDisk> disks, List<RootHash> expected) {
    for (int i = 0; i < disks.size(); i++) {
      if (!disks.get(i).root().equals(expected.get(i))) {
        throw Damage.of(
            PointObject.name(id).value(),
            "the copy of disk " + disks.get(i).name() + " has another root hash; it was given up");
      }
    }
  }
}
