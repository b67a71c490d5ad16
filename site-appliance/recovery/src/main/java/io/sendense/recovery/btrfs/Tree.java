package io.sendense.recovery.btrfs;

import io.sendense.recovery.block.Bytes;
import java.util.Optional;

/** A tree of items. */
final class Tree {
  private final Nodes nodes;
  private final BtrfsSuper.Root root;

  Tree(Nodes nodes, BtrfsSuper.Root root) {
    this.nodes = nodes;
    this.root = root;
  }

  record Item(Key key, Bytes bytes) {}

  Nodes nodes() {
    return nodes;
  }

  BtrfsSuper.Root root() {
    return root;
  }

  /** Placed at the first item at or behind a key. */
  Cursor from(Key key) {
    return new Cursor(this, key);
  }

  Optional<Bytes> get(Key key) {
    Cursor cursor = from(key);
    return cursor.valid() && cursor.key().equals(key)
        ? Optional.of(cursor.item())
        : Optional.empty();
  }

  /** The last item at or before a key. */
  Optional<Item> last(Key key) {
    Cursor cursor = from(key);
    if ((cursor.valid() && cursor.key().equals(key)) || cursor.previous()) {
      return Optional.of(new Item(cursor.key(), cursor.item()));
    }
    return Optional.empty();
  }
}
