package io.sendense.nbd;

import java.util.Map;
import java.util.TreeMap;

/**
 * Which bytes of one read have arrived. Replies nearly always come in ascending order, which costs
 * two numbers; anything else is kept in a bounded map.
 */
final class Coverage {
  // A server that answers one read in more pieces than this, out of order, is refused.
  static final int MAX_PIECES = 4096;

  private final int length;
  private int next;
  private final TreeMap<Integer, Integer> pieces = new TreeMap<>();

  Coverage(int length) {
    this.length = length;
  }

  /** Marks {@code [from, to)}; false where it is not within the read or had arrived before. */
  boolean add(int from, int to) {
    if (from < 0 || to <= from || to > length || from < next) {
      return false;
    }
    if (from == next && pieces.isEmpty()) {
      next = to;
      return true;
    }
    Map.Entry<Integer, Integer> before = pieces.floorEntry(from);
    Map.Entry<Integer, Integer> after = pieces.ceilingEntry(from);
    if ((before != null && before.getValue() > from) || (after != null && after.getKey() < to)) {
      return false;
    }
    pieces.put(from, to);
    Map.Entry<Integer, Integer> first = pieces.firstEntry();
    while (first != null && first.getKey() == next) {
      next = first.getValue();
      pieces.pollFirstEntry();
      first = pieces.firstEntry();
    }
    return pieces.size() <= MAX_PIECES;
  }

  boolean complete() {
    return next == length;
  }
}
