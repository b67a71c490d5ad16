package io.sendense.repository.format;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Ids that are needed, in open addressing: whether a wanted point needs each, and which pack it
 * should come from. Not thread-safe.
 */
final class NeedTable {
  private static final int NONE = -1;

  private final long[] highs;
  private final long[] lows;
  private final int[] from;

  /** 0 for a free slot; bit 0 taken, bit 1 wanted, bit 2 a covered pack has it. */
  private final byte[] states;

  /**
   * @param ids how many ids are added at most
   */
  NeedTable(long ids) {
    int slots = Math.clamp(ids * 3 / 2 + 16, 16, 1 << 28);
    highs = new long[slots];
    lows = new long[slots];
    from = new int[slots];
    states = new byte[slots];
    Arrays.fill(from, NONE);
  }

  void need(ByteBuffer id, boolean wanted) {
    int slot = slot(id);
    highs[slot] = id.getLong(id.position());
    lows[slot] = id.getLong(id.position() + 8);
    states[slot] |= (byte) (wanted ? 3 : 1);
  }

  /** Where an id is; -1 where nothing needs it. */
  int find(ByteBuffer id) {
    int slot = slot(id);
    return states[slot] == 0 ? NONE : slot;
  }

  /** Says that a pack has it. Of covered packs, and else of all, the first in order is chosen. */
  void offer(int need, int pack, boolean covered) {
    if (covered && !isCovered(need)) {
      states[need] |= 4;
      from[need] = pack;
    } else if (covered == isCovered(need) && (from[need] == NONE || pack < from[need])) {
      from[need] = pack;
    }
  }

  boolean isCovered(int need) {
    return (states[need] & 4) != 0;
  }

  boolean isWantedFrom(int need, int pack) {
    return need != NONE && (states[need] & 2) != 0 && from[need] == pack;
  }

  private int slot(ByteBuffer id) {
    long high = id.getLong(id.position());
    long low = id.getLong(id.position() + 8);
    // The first byte is the same in all ids of a part.
    int slot = (int) Long.remainderUnsigned(low, states.length);
    while (states[slot] != 0 && (highs[slot] != high || lows[slot] != low)) {
      slot = slot + 1 == states.length ? 0 : slot + 1;
    }
    return slot;
  }
}
