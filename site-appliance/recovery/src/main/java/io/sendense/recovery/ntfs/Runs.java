package io.sendense.recovery.ntfs;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.fs.MappedContent;
import io.sendense.recovery.fs.MappedContent.Extent;
import java.util.Arrays;

/** Where the clusters of an attribute lie ("Data runs"), gathered from all its parts in order. */
final class Runs implements MappedContent.Mapper {
  private static final int MOST = 1 << 21;
  private static final long HOLE = -1;

  private final NtfsVolume volume;
  private final String what;
  private long[] ends = new long[8];
  private long[] places = new long[8];
  private int count;

  Runs(NtfsVolume volume, String what) {
    this.volume = volume;
    this.what = what;
  }

  /** Clusters known so far. */
  long clusters() {
    return count == 0 ? 0 : ends[count - 1];
  }

  /**
   * Adds the runs of one part.
   *
   * @param first cluster of the attribute at which the part says it begins
   */
  void add(Bytes list, long first) {
    if (first != clusters()) {
      throw list.damaged("a part begins at cluster " + first + " and not at " + clusters());
    }
    int at = 0;
    long place = 0;
    while (at < list.length() && list.u8(at) != 0) {
      int lengthBytes = list.u8(at) & 0xF;
      int placeBytes = list.u8(at) >> 4;
      if (lengthBytes == 0 || lengthBytes > 8 || placeBytes > 8) {
        throw list.damaged(
            "a run whose numbers have " + lengthBytes + " and " + placeBytes + " bytes");
      }
      long length = number(list, at + 1, lengthBytes);
      if (length < 1
          || length > Long.MAX_VALUE / (1 << 22)
          || clusters() > Long.MAX_VALUE / (1 << 22)) {
        throw list.damaged("a run of " + length + " clusters");
      }
      if (placeBytes > 0) {
        place += number(list, at + 1 + lengthBytes, placeBytes);
        if (place < 0 || place > volume.clusters() - length) {
          throw list.damaged("a run of " + length + " clusters at " + place);
        }
      }
      append(list, length, placeBytes == 0 ? HOLE : place);
      at += 1 + lengthBytes + placeBytes;
    }
  }

  private void append(Bytes list, long length, long place) {
    if (count >= MOST) {
      throw list.damaged("more than " + MOST + " runs");
    }
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
      places = Arrays.copyOf(places, 2 * count);
    }
    ends[count] = clusters() + length;
    places[count] = place;
    count++;
  }

  private static long number(Bytes list, int at, int width) {
    long value = (byte) list.u8(at + width - 1);
    for (int i = width - 2; i >= 0; i--) {
      value = (value << 8) | list.u8(at + i);
    }
    return value;
  }

  @Override
  public Extent at(long offset) {
    int clusterBytes = volume.clusterBytes();
    long wanted = offset / clusterBytes;
    int found = Arrays.binarySearch(ends, 0, count, wanted + 1);
    int index = found < 0 ? -found - 1 : found;
    if (index >= count) {
      throw volume.volume().damaged(what, 0, "no run holds its cluster " + wanted);
    }
    long start = index == 0 ? 0 : ends[index - 1];
    long length = ends[index] - start;
    long place = places[index] == HOLE ? -1 : places[index] * clusterBytes;
    return new Extent(start * clusterBytes, length * clusterBytes, place);
  }
}
