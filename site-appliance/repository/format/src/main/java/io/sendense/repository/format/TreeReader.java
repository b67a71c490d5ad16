package io.sendense.repository.format;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds chunks and nodes of one disk's sealed tree by their position. Thread-safe. */
final class TreeReader {
  private final BlobSource blobs;
  private final int height;
  private final long chunks;
  private final @Nullable Ref top;
  private final Optional<LostBlobs> lost;

  TreeReader(BlobSource blobs, long chunks, Optional<Ref> top) {
    this(blobs, chunks, top, Optional.empty());
  }

  /**
   * @param lost what is read as zeros although the tree names it, because it is to be written again
   */
  TreeReader(BlobSource blobs, long chunks, Optional<Ref> top, Optional<LostBlobs> lost) {
    this.blobs = blobs;
    this.chunks = chunks;
    this.height = height(chunks);
    this.lost = lost;
    this.top = node(top.orElse(null));
  }

  /** Number of levels of a tree of so many chunks, at least 1. */
  static int height(long chunks) {
    int levels = 1;
    for (long reach = Node.FANOUT; reach < chunks; reach <<= Node.FANOUT_BITS) {
      levels++;
    }
    return levels;
  }

  int height() {
    return height;
  }

  long chunks() {
    return chunks;
  }

  /** The chunk at an index; null where it is zeros or beyond the disk. */
  @Nullable Ref chunk(long index) {
    if (index >= chunks) {
      return null;
    }
    Ref leaf = node(0, index >>> Node.FANOUT_BITS);
    return leaf == null ? null : chunk(blobs.node(leaf).child((int) (index & (Node.FANOUT - 1))));
  }

  /**
   * The node at a position of a level, 0 for leaves; null where all below it is zeros, or where the
   * tree does not reach.
   */
  @Nullable Ref node(int level, long index) {
    if (level >= height || index >= nodesAt(level)) {
      return null;
    }
    if (level == height - 1) {
      return top;
    }
    Ref above = node(level + 1, index >>> Node.FANOUT_BITS);
    if (above == null) {
      return null;
    }
    Node parent = blobs.node(above);
    if (parent.level() != level + 1) {
      throw Damage.of(above.at().pack().objectName().value(), "a tree node is at a wrong level");
    }
    return node(parent.child((int) (index & (Node.FANOUT - 1))));
  }

  /** The children of a node at a position; all null where there is no such node. */
  @Nullable Ref[] children(int level, long index) {
    Ref ref = node(level, index);
    if (ref == null) {
      return new @Nullable Ref[Node.FANOUT];
    }
    @Nullable Ref[] children = blobs.node(ref).children();
    for (int i = 0; lost.isPresent() && i < children.length; i++) {
      children[i] = level == 0 ? chunk(children[i]) : node(children[i]);
    }
    return children;
  }

  /** As {@link #children}, with what is lost as the node itself names it. */
  @Nullable Ref[] childrenAsStored(int level, long index) {
    Ref ref = node(level, index);
    return ref == null ? new @Nullable Ref[Node.FANOUT] : blobs.node(ref).children();
  }

  private @Nullable Ref node(@Nullable Ref ref) {
    return ref != null && lost.isPresent() && lost.get().hasNode(ref) ? null : ref;
  }

  private @Nullable Ref chunk(@Nullable Ref ref) {
    return ref != null && lost.isPresent() && lost.get().hasChunk(ref) ? null : ref;
  }

  private long nodesAt(int level) {
    int bits = Node.FANOUT_BITS * (level + 1);
    return bits >= 63 ? 1 : Math.ceilDiv(chunks, 1L << bits);
  }
}
