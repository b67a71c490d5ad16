package io.sendense.repository.format;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where blobs lie, by 128 bits of their ids, in plain arrays: 28 bytes a slot, filled to three
 * quarters. Ids are keyed hashes, so 128 bits do not meet by chance or by design. Not thread-safe.
 */
final class ChunkTable {
  static final int SLOT_BYTES = 2 * Long.BYTES + 3 * Integer.BYTES;

  private static final int SEGMENTS = 64;
  private static final int FIRST_SLOTS = 16;

  private final long bytesMax;
  private final Segment[] segments = new Segment[SEGMENTS];
  private long bytes;
  private long entries;

  ChunkTable(long bytesMax) {
    this.bytesMax = bytesMax;
    for (int i = 0; i < SEGMENTS; i++) {
      segments[i] = new Segment(FIRST_SLOTS);
    }
    bytes = (long) SEGMENTS * FIRST_SLOTS * SLOT_BYTES;
  }

  /**
   * @param pack ordinal of the pack
   */
  record Found(int pack, int offset, int sealedField) {}

  /** Notes a blob unless one of its id is noted; false where the table is full. */
  boolean put(byte[] id, int pack, int offset, int sealedField) {
    long high = high(id);
    long low = low(id);
    Segment segment = segment(high);
    if (segment.used >= segment.packs.length / 4 * 3 && !grow(high)) {
      return false;
    }
    if (segment(high).put(high, low, pack + 1, offset, sealedField)) {
      entries++;
    }
    return true;
  }

  @Nullable Found find(byte[] id) {
    long high = high(id);
    Segment segment = segment(high);
    int slot = segment.slot(high, low(id));
    return segment.packs[slot] == 0
        ? null
        : new Found(segment.packs[slot] - 1, segment.offsets[slot], segment.sealed[slot]);
  }

  long entries() {
    return entries;
  }

  long bytes() {
    return bytes;
  }

  private boolean grow(long high) {
    Segment old = segment(high);
    int slots = old.packs.length / 2 * 3;
    long more = (long) (slots - old.packs.length) * SLOT_BYTES;
    if (bytes + more > bytesMax) {
      return false;
    }
    Segment larger = new Segment(slots);
    for (int i = 0; i < old.packs.length; i++) {
      if (old.packs[i] != 0) {
        larger.put(old.highs[i], old.lows[i], old.packs[i], old.offsets[i], old.sealed[i]);
      }
    }
    segments[(int) (high & (SEGMENTS - 1))] = larger;
    bytes += more;
    return true;
  }

  private Segment segment(long high) {
    return segments[(int) (high & (SEGMENTS - 1))];
  }

  private static long high(byte[] id) {
    return ByteBuffer.wrap(id).getLong(0);
  }

  private static long low(byte[] id) {
    return ByteBuffer.wrap(id).getLong(8);
  }

  private static final class Segment {
    final long[] highs;
    final long[] lows;

    /** Ordinal plus one; zero for a free slot. */
    final int[] packs;

    final int[] offsets;
    final int[] sealed;
    int used;

    Segment(int slots) {
      highs = new long[slots];
      lows = new long[slots];
      packs = new int[slots];
      offsets = new int[slots];
      sealed = new int[slots];
      Arrays.fill(packs, 0);
    }

    /** The slot that holds the id, or the free one where it belongs. */
    int slot(long high, long low) {
      int slot = (int) Long.remainderUnsigned(high >>> 6, packs.length);
      while (packs[slot] != 0 && (highs[slot] != high || lows[slot] != low)) {
        slot = slot + 1 == packs.length ? 0 : slot + 1;
      }
      return slot;
    }

    boolean put(long high, long low, int pack, int offset, int sealedField) {
      int slot = slot(high, low);
      if (packs[slot] != 0) {
        return false;
      }
      highs[slot] = high;
      lows[slot] = low;
      packs[slot] = pack;
      offsets[slot] = offset;
      sealed[slot] = sealedField;
      used++;
      return true;
    }
  }
}
