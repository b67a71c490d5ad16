package io.sendense.recovery.btrfs;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Guest;
import io.sendense.recovery.fs.GuestName;
import java.util.Optional;

/**
 * Subvolumes and snapshots ("On-disk Format", ROOT_ITEM and ROOT_REF): trees of their own, named in
 * a directory of another one.
 *
 * @param number of its tree
 * @param directory the inode that its files begin at
 */
record Subvolume(long number, Tree tree, long directory) {
  static final long TOP = 5;
  static final long FIRST_DIRECTORY = 256;

  /** The directory that shows where a subvolume would be that a snapshot does not contain. */
  static final long EMPTY = 2;

  private static final int DEEPEST = 7;

  /** A tree that the tree of roots knows. */
  static Optional<Subvolume> find(Tree roots, long number) {
    Cursor cursor = roots.from(new Key(number, Key.ROOT, 0));
    if (!cursor.valid() || !cursor.key().of(number, Key.ROOT)) {
      return Optional.empty();
    }
    Bytes item = cursor.item();
    int level = item.u8(238);
    if (level > DEEPEST) {
      throw item.damaged("a tree of " + level + " levels");
    }
    BtrfsSuper.Root root = new BtrfsSuper.Root(item.i64(176), level, item.i64(160));
    return Optional.of(new Subvolume(number, new Tree(roots.nodes(), root), item.i64(168)));
  }

  static Tree tree(Tree roots, long number, String what) {
    return find(roots, number)
        .map(Subvolume::tree)
        .orElseThrow(() -> Guest.damaged("btrfs", "tree of roots", 0, what + " is missing"));
  }

  /** Whether that directory of this subvolume is where a subvolume belongs, by this name. */
  boolean names(Tree roots, long child, long inDirectory, GuestName name) {
    Optional<Bytes> reference = roots.get(new Key(number, Key.ROOT_REFERENCE, child));
    if (reference.isEmpty()) {
      return false;
    }
    Bytes item = reference.get();
    return item.i64(0) == inDirectory && GuestName.of(item.copy(18, item.u16(16))).equals(name);
  }
}
