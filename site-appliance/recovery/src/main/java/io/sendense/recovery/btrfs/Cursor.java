package io.sendense.recovery.btrfs;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Guest;
import org.jspecify.annotations.Nullable;

/**
 * A place in a tree. Levels fall by one on the way down, and each node holds only keys that the one
 * above allots to it: so keys ascend over all of the tree, and a walk ends.
 */
final class Cursor {
  private final Tree tree;
  private final Node[] path;
  private final int[] slots;

  Cursor(Tree tree, Key key) {
    this.tree = tree;
    BtrfsSuper.Root root = tree.root();
    path = new Node[root.level() + 1];
    slots = new int[root.level() + 1];
    path[root.level()] = tree.nodes().read(root.logical(), root.level(), root.generation());
    for (int level = root.level(); level > 0; level--) {
      slots[level] = Math.max(0, path[level].last(key));
      descend(level);
    }
    int before = path[0].last(key);
    boolean exact = before >= 0 && path[0].key(before).equals(key);
    slots[0] = exact ? before : before + 1;
    if (slots[0] >= path[0].count) {
      slots[0] = Math.max(0, path[0].count - 1);
      if (path[0].count == 0 || !next()) {
        slots[0] = path[0].count;
      }
    }
  }

  /** Whether it stands on an item. */
  boolean valid() {
    return slots[0] < path[0].count;
  }

  Key key() {
    return path[0].key(slots[0]);
  }

  Bytes item() {
    return path[0].item(slots[0]);
  }

  /** To the next item; at the end it stays where it is and tells so. */
  boolean next() {
    return step(1);
  }

  /** To the item before; from behind the last one too. */
  boolean previous() {
    return step(-1);
  }

  private boolean step(int by) {
    int level = 0;
    while (slots[level] + by < 0 || slots[level] + by >= path[level].count) {
      level++;
      if (level == path.length) {
        return false;
      }
    }
    slots[level] += by;
    for (; level > 0; level--) {
      descend(level);
      slots[level - 1] = by > 0 ? 0 : path[level - 1].count - 1;
    }
    return true;
  }

  private void descend(int level) {
    Node parent = path[level];
    int slot = slots[level];
    Node child = tree.nodes().read(parent.child(slot), level - 1, parent.childGeneration(slot));
    @Nullable Key bound = slot + 1 < parent.count ? parent.key(slot + 1) : bound(level + 1);
    if (child.count == 0
        || !child.key(0).equals(parent.key(slot))
        || (bound != null && child.key(child.count - 1).compareTo(bound) >= 0)) {
      throw Guest.damaged(
          "btrfs", "tree node " + parent.child(slot), 0, "its keys are not those it is for");
    }
    path[level - 1] = child;
  }

  private @Nullable Key bound(int from) {
    for (int level = from; level < path.length; level++) {
      if (slots[level] + 1 < path[level].count) {
        return path[level].key(slots[level] + 1);
      }
    }
    return null;
  }
}
