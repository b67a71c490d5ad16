package io.sendense.repository.format;

import io.sendense.repository.spi.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * The packs of a listing and what is found out about each, in plain arrays: 50 bytes a pack. An
 * ordinal is a place in the listing. Not thread-safe.
 */
final class PackTable {
  /** An effective index names it. */
  static final int COVERED = 1;

  /** Its list of blobs is laid down. */
  static final int LISTED = 2;

  /** It has a blob that a wanted or fading point reaches and no covered pack has. */
  static final int KEPT = 4;

  /** It is the one to be covered again for such a blob of a wanted point. */
  static final int TO_COVER = 8;

  /** Its list of blobs cannot be read. */
  static final int UNREADABLE = 16;

  /** It is left out of the indexes by this run. */
  static final int CONDEMNED = 32;

  /** It is recorded as damaged, and an effective index names it. */
  static final int NAMED = 64;

  /** It is recorded as damaged. */
  static final int DAMAGED = 128;

  private int count;
  private int[] generations = new int[64];
  private long[] writersHigh = new long[64];
  private long[] writersLow = new long[64];
  private int[] sequences = new int[64];
  private int[] lengths = new int[64];
  private int[] blobs = new int[64];
  private int[] wanted = new int[64];
  private long[] storedAt = new long[64];
  private long[] uncoveredSince = new long[64];
  private byte[] flags = new byte[64];

  /** Adds the next pack of a listing, which is ascending by name and so by id. */
  void add(PackId id, StoredObject object) {
    if (count == generations.length) {
      grow(count + count / 2);
    }
    generations[count] = id.generation();
    writersHigh[count] = id.writer().getMostSignificantBits();
    writersLow[count] = id.writer().getLeastSignificantBits();
    sequences[count] = id.sequence();
    lengths[count] = (int) Math.min(object.lengthBytes(), Integer.MAX_VALUE);
    // Rounded up: never older than it is.
    storedAt[count] = object.storedAt().getEpochSecond() + 1;
    uncoveredSince[count] = Long.MIN_VALUE;
    if (count > 0 && compare(count - 1, id) >= 0) {
      throw new IllegalStateException("the store's listing is not ascending at " + object.name());
    }
    count++;
  }

  int count() {
    return count;
  }

  PackId id(int pack) {
    return new PackId(
        generations[pack], new UUID(writersHigh[pack], writersLow[pack]), sequences[pack]);
  }

  /** The ordinal of a pack; -1 where the listing has none of that id. */
  int find(PackId id) {
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = compare(middle, id);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  int length(int pack) {
    return lengths[pack];
  }

  boolean has(int pack, int flag) {
    return (flags[pack] & flag) != 0;
  }

  void set(int pack, int flag) {
    flags[pack] |= (byte) flag;
  }

  /** Packs that nothing needs and that were uncovered longer ago than this. */
  List<Integer> dead(Instant oldBefore) {
    List<Integer> dead = new ArrayList<>();
    for (int pack = 0; pack < count(); pack++) {
      if (isOld(pack, oldBefore)
          && isLongUncovered(pack, oldBefore)
          && has(pack, LISTED)
          && !has(pack, KEPT)) {
        dead.add(pack);
      }
    }
    return dead;
  }

  /** Bytes of all its blobs; known once it is listed. */
  int blobs(int pack) {
    return blobs[pack];
  }

  void addBlob(int pack, int bytes) {
    blobs[pack] += bytes;
  }

  /** Bytes of it that wanted points need and that no other pack is chosen for. */
  int wanted(int pack) {
    return wanted[pack];
  }

  void addWanted(int pack, int bytes) {
    wanted[pack] += bytes;
  }

  boolean isOld(int pack, Instant oldBefore) {
    return storedAt[pack] <= oldBefore.getEpochSecond();
  }

  /** Notes that an index that names it was replaced at a time. */
  void uncoveredAt(int pack, Instant at) {
    uncoveredSince[pack] = Math.max(uncoveredSince[pack], at.getEpochSecond() + 1);
  }

  boolean isLongUncovered(int pack, Instant oldBefore) {
    return !has(pack, COVERED | NAMED) && uncoveredSince[pack] <= oldBefore.getEpochSecond();
  }

  private int compare(int pack, PackId id) {
    int order = Integer.compareUnsigned(generations[pack], id.generation());
    if (order == 0) {
      order = Long.compareUnsigned(writersHigh[pack], id.writer().getMostSignificantBits());
    }
    if (order == 0) {
      order = Long.compareUnsigned(writersLow[pack], id.writer().getLeastSignificantBits());
    }
    return order != 0 ? order : Integer.compareUnsigned(sequences[pack], id.sequence());
  }

  private void grow(int size) {
    generations = Arrays.copyOf(generations, size);
    writersHigh = Arrays.copyOf(writersHigh, size);
    writersLow = Arrays.copyOf(writersLow, size);
    sequences = Arrays.copyOf(sequences, size);
    lengths = Arrays.copyOf(lengths, size);
    blobs = Arrays.copyOf(blobs, size);
    wanted = Arrays.copyOf(wanted, size);
    storedAt = Arrays.copyOf(storedAt, size);
    uncoveredSince = Arrays.copyOf(uncoveredSince, size);
    flags = Arrays.copyOf(flags, size);
  }
}
