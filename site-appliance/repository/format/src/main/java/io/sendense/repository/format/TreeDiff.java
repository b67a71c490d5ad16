package io.sendense.repository.format;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Walks two trees of one chunk size side by side, top-down, and skips whole subtrees of the same
 * identity, also where the trees lie in different repositories of the tenant. Costs the nodes above
 * what differs and holds no list.
 */
final class TreeDiff {
  /** Hears of chunks, ascending. */
  @FunctionalInterface
  interface Visitor {
    /**
     * @param chunk what the new tree holds there; null for zeros
     */
    void differs(long index, @Nullable Ref chunk);
  }

  private final TreeReader now;
  private final TreeReader before;
  private final Visitor visitor;

  private TreeDiff(TreeReader now, TreeReader before, Visitor visitor) {
    this.now = now;
    this.before = before;
    this.visitor = visitor;
  }

  /** Visits every chunk of {@code now} that {@code before} does not have at the same place. */
  static void visit(TreeReader now, TreeReader before, Visitor visitor) {
    int level = Math.max(now.height(), before.height()) - 1;
    new TreeDiff(now, before, visitor).visit(level, 0);
  }

  private void visit(int level, long index) {
    boolean inBoth = level < now.height() && level < before.height();
    if (inBoth && Objects.equals(now.node(level, index), before.node(level, index))) {
      return;
    }
    long last = (now.chunks() - 1) >>> (Node.FANOUT_BITS * level);
    for (int place = 0; place < Node.FANOUT; place++) {
      long child = (index << Node.FANOUT_BITS) + place;
      if (child > last) {
        return;
      }
      if (level > 0) {
        visit(level - 1, child);
      } else {
        Ref chunk = now.chunk(child);
        if (!Objects.equals(chunk, before.chunk(child))) {
          visitor.differs(child, chunk);
        }
      }
    }
  }
}
