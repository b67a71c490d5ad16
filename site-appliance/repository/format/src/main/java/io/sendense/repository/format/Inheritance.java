package io.sendense.repository.format;

import java.util.BitSet;
import java.util.Optional;

/**
 * What a new point takes over from one that is there: the trees of its disks, less what is recorded
 * as damaged and nowhere else.
 */
final class Inheritance {
  private final BlobSource blobs;
  private final KnownBlobs known;
  private final DamageMarks damage;
  private final int chunkBytes;

  /**
   * @param chunkBytes of a disk whose lineage begins
   */
  Inheritance(BlobSource blobs, KnownBlobs known, DamageMarks damage, int chunkBytes) {
    this.blobs = blobs;
    this.known = known;
    this.damage = damage;
    this.chunkBytes = chunkBytes;
  }

  /**
   * @param reuses whether the parent's tree is relied on; its chunk size always goes on
   */
  WrittenDisk disk(PointDraft.Disk disk, Optional<PointObject> parent, boolean reuses) {
    Optional<Integer> position = parent.flatMap(p -> p.point().diskNamed(disk.name()));
    if (parent.isEmpty() || position.isEmpty()) {
      TreeReader none =
          new TreeReader(blobs, Math.ceilDiv(disk.sizeBytes(), chunkBytes), Optional.empty());
      return new WrittenDisk(disk.name(), disk.sizeBytes(), chunkBytes, 0, none);
    }
    PointDisk old = parent.get().point().disks().get(position.get());
    if (!reuses) {
      long chunks = Math.ceilDiv(disk.sizeBytes(), old.chunkBytes());
      TreeReader none = new TreeReader(blobs, chunks, Optional.empty());
      return new WrittenDisk(disk.name(), disk.sizeBytes(), old.chunkBytes(), 0, none);
    }
    return inheriting(
        disk.name(),
        disk.sizeBytes(),
        old,
        parent.get().tops().get(position.get()),
        old.sizeBytes());
  }

  /** A disk of a copied point, which takes over what a point that is here has of the same disk. */
  WrittenDisk copied(PointDisk disk, Optional<PointObject> base) {
    Optional<Integer> at = position(disk, base);
    if (at.isEmpty()) {
      TreeReader none = new TreeReader(blobs, disk.chunks(), Optional.empty());
      return new WrittenDisk(disk.name(), disk.sizeBytes(), disk.chunkBytes(), 0, none);
    }
    // Chunks are compared by identity, so the base's end needs no cut.
    return inheriting(
        disk.name(),
        disk.sizeBytes(),
        base.get().point().disks().get(at.get()),
        base.get().tops().get(at.get()),
        0);
  }

  private WrittenDisk inheriting(
      String name, long sizeBytes, PointDisk old, Optional<Ref> top, long sizeBefore) {
    LostBlobs lost = new LostBlobs(blobs, known, damage);
    BitSet chunks = lost.find(old.chunks(), top);
    long end = Math.min(Integer.MAX_VALUE, Math.ceilDiv(sizeBytes, old.chunkBytes()));
    chunks.clear((int) end, Integer.MAX_VALUE);
    TreeReader tree = tree(top, old, lost, chunks);
    return new WrittenDisk(name, sizeBytes, old.chunkBytes(), sizeBefore, tree, chunks);
  }

  /** A tree with what is lost in it hidden, where anything is. */
  private TreeReader tree(Optional<Ref> top, PointDisk disk, LostBlobs lost, BitSet lostChunks) {
    return new TreeReader(
        blobs, disk.chunks(), top, lostChunks.isEmpty() ? Optional.empty() : Optional.of(lost));
  }

  /**
   * The tree of a disk in a point, or one of zeros where it has no such disk. What is lost in it
   * reads as zeros, so that it counts as missing.
   */
  TreeReader tree(Optional<PointObject> point, PointDisk disk) {
    Optional<Integer> at = position(disk, point);
    if (at.isEmpty()) {
      return new TreeReader(blobs, disk.chunks(), Optional.empty());
    }
    PointDisk found = point.get().point().disks().get(at.get());
    Optional<Ref> top = point.get().tops().get(at.get());
    LostBlobs lost = new LostBlobs(blobs, known, damage);
    return tree(top, found, lost, lost.find(found.chunks(), top));
  }

  /** Where the point has a disk of this name and chunk size. */
  private static Optional<Integer> position(PointDisk disk, Optional<PointObject> point) {
    return point.flatMap(
        p ->
            p.point()
                .diskNamed(disk.name())
                .filter(at -> p.point().disks().get(at).chunkBytes() == disk.chunkBytes()));
  }
}
