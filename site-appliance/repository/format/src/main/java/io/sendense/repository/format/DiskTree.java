package io.sendense.repository.format;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The tree of a disk being written: the parent's tree and what was written over it. Leaves that are
 * complete are stored at once, so that a full backup holds few of them. Thread-safe.
 */
final class DiskTree {
  /** Leaves kept unfinished; the oldest positions are stored when there are more. */
  static final int LEAVES_MAX = 1024;

  private final long chunks;
  private final TreeReader parent;
  private final TreeMap<Long, Leaf> unfinished = new TreeMap<>();

  /** Stored leaves by position; empty for one of zeros. */
  private final TreeMap<Long, Optional<Ref>> stored = new TreeMap<>();

  /**
   * @param parent the tree inherited from; one without a top where there is none
   */
  DiskTree(long chunks, TreeReader parent) {
    this.chunks = chunks;
    this.parent = parent;
  }

  private static final class Leaf {
    final @Nullable Ref[] children = new @Nullable Ref[Node.FANOUT];
    final boolean[] written = new boolean[Node.FANOUT];
    int writtenCount;
  }

  /** The parent's chunk at this place; null for zeros. */
  @Nullable Ref inherited(long chunk) {
    return parent.chunk(chunk);
  }

  /**
   * Notes a chunk.
   *
   * @param chunk null for zeros
   * @param storeNode seals a node into a pack
   */
  synchronized void set(long index, @Nullable Ref chunk, Function<Node, Ref> storeNode) {
    long position = index >>> Node.FANOUT_BITS;
    Leaf leaf = unfinished.computeIfAbsent(position, p -> new Leaf());
    int place = place(index);
    leaf.children[place] = chunk;
    if (!leaf.written[place]) {
      leaf.written[place] = true;
      leaf.writtenCount++;
    }
    if (leaf.writtenCount == placesOf(position)) {
      unfinished.remove(position);
      stored.put(position, store(0, position, leaf.children, storeNode));
    } else if (unfinished.size() > LEAVES_MAX) {
      storeOldest(storeNode);
    }
  }

  /**
   * Notes a run of zeros.
   *
   * @param skipping whether nothing needs to be noted where the parent reads as zeros; not so where
   *     it does because something is lost
   */
  synchronized void zeros(long first, long count, boolean skipping, Function<Node, Ref> storeNode) {
    long end = first + count;
    long index = first;
    while (index < end) {
      long skip = skipping ? Math.min(end, untouchedUntil(index)) : index;
      if (skip > index) {
        index = skip;
        continue;
      }
      long leafEnd = Math.min(end, ((index >>> Node.FANOUT_BITS) + 1) << Node.FANOUT_BITS);
      for (; index < leafEnd; index++) {
        set(index, null, storeNode);
      }
    }
  }

  /** End of the subtree around a chunk that is empty in the parent and that nobody wrote to. */
  private long untouchedUntil(long index) {
    long position = index >>> Node.FANOUT_BITS;
    // Beyond the parent's end everything is empty.
    long end = index >= parent.chunks() ? Long.MAX_VALUE : index;
    for (int level = parent.height() - 1; level >= 0 && end == index; level--) {
      int bits = Node.FANOUT_BITS * (level + 1);
      if (parent.node(level, index >>> bits) == null) {
        end = ((index >>> bits) + 1) << bits;
      }
    }
    for (TreeMap<Long, ?> written : List.of(unfinished, stored)) {
      Long next = written.ceilingKey(position);
      if (next != null) {
        end = Math.min(end, next << Node.FANOUT_BITS);
      }
    }
    return Math.max(end, index);
  }

  /**
   * Completes the tree.
   *
   * @param readNode reads a node this writer stored; called only after {@code settle}
   * @param settle makes everything stored so far readable
   * @return the top; empty for a disk of zeros
   */
  synchronized Optional<Ref> finish(
      Function<Node, Ref> storeNode, Function<Ref, Node> readNode, Runnable settle) {
    if (parent.chunks() > chunks) {
      // The last leaf and all above it may hold children beyond the new end.
      unfinished.computeIfAbsent((chunks - 1) >>> Node.FANOUT_BITS, p -> new Leaf());
    }
    if (unfinished.keySet().stream().anyMatch(stored::containsKey)) {
      settle.run();
    }
    unfinished.forEach(
        (position, leaf) -> stored.put(position, merge(position, leaf, storeNode, readNode)));
    unfinished.clear();
    Map<Long, Optional<Ref>> level = stored;
    int height = TreeReader.height(chunks);
    for (int l = 1; l < height; l++) {
      level = levelAbove(l, level, storeNode);
    }
    Optional<Ref> changed = level.get(0L);
    return changed != null ? changed : Optional.ofNullable(parent.node(height - 1, 0));
  }

  private Map<Long, Optional<Ref>> levelAbove(
      int level, Map<Long, Optional<Ref>> below, Function<Node, Ref> storeNode) {
    Map<Long, @Nullable Ref[]> nodes = new TreeMap<>();
    if (level >= parent.height()) {
      // The parent's tree ends below: its top becomes the first child here.
      @Nullable Ref[] children = new @Nullable Ref[Node.FANOUT];
      children[0] = parent.node(level - 1, 0);
      nodes.put(0L, children);
    }
    below.forEach(
        (position, ref) -> {
          @Nullable Ref[] children =
              nodes.computeIfAbsent(position >>> Node.FANOUT_BITS, p -> parent.children(level, p));
          children[place(position)] = ref.orElse(null);
        });
    Map<Long, Optional<Ref>> result = new TreeMap<>();
    long reach = Math.ceilDiv(chunks, 1L << (Node.FANOUT_BITS * level));
    nodes.forEach(
        (position, children) -> {
          cut(children, reach - (position << Node.FANOUT_BITS));
          result.put(position, store(level, position, children, storeNode));
        });
    return result;
  }

  private Optional<Ref> merge(
      long position, Leaf leaf, Function<Node, Ref> storeNode, Function<Ref, Node> readNode) {
    Optional<Ref> earlier = stored.get(position);
    @Nullable Ref[] children;
    if (earlier == null) {
      children = parent.children(0, position);
    } else {
      children =
          earlier
              .map(ref -> readNode.apply(ref).children())
              .orElseGet(() -> new @Nullable Ref[Node.FANOUT]);
    }
    for (int place = 0; place < Node.FANOUT; place++) {
      if (leaf.written[place]) {
        children[place] = leaf.children[place];
      }
    }
    cut(children, chunks - (position << Node.FANOUT_BITS));
    return store(0, position, children, storeNode);
  }

  private void storeOldest(Function<Node, Ref> storeNode) {
    Long victim = null;
    for (Long position : unfinished.keySet()) {
      // A leaf stored before can only be merged when everything is readable, at the end.
      if (!stored.containsKey(position)) {
        victim = position;
        break;
      }
    }
    Leaf leaf = victim == null ? null : unfinished.remove(victim);
    if (victim != null && leaf != null) {
      stored.put(
          victim,
          merge(
              victim,
              leaf,
              storeNode,
              ref -> {
                throw new IllegalStateException("a leaf was stored twice");
              }));
    }
  }

  /** Stores a node unless it is empty or the parent has the same one at the same place. */
  private Optional<Ref> store(
      int level, long position, @Nullable Ref[] children, Function<Node, Ref> storeNode) {
    Node node = Node.of(level, children);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    Ref old = parent.node(level, position);
    return Optional.of(
        old != null && sameChildren(parent.childrenAsStored(level, position), children)
            ? old
            : storeNode.apply(node));
  }

  private static boolean sameChildren(@Nullable Ref[] some, @Nullable Ref[] others) {
    for (int place = 0; place < Node.FANOUT; place++) {
      if (!Objects.equals(some[place], others[place])) {
        return false;
      }
    }
    return true;
  }

  private static void cut(@Nullable Ref[] children, long count) {
    for (int place = Math.clamp(count, 0, Node.FANOUT); place < Node.FANOUT; place++) {
      children[place] = null;
    }
  }

  private long placesOf(long position) {
    return Math.min(Node.FANOUT, chunks - (position << Node.FANOUT_BITS));
  }

  private static int place(long index) {
    return (int) (index & (Node.FANOUT - 1));
  }
}
