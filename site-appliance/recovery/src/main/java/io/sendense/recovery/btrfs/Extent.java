package io.sendense.recovery.btrfs;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Guest;

/**
 * A part of a file as its item tells it ("On-disk Format", EXTENT_DATA).
 *
 * @param start of the file
 * @param length at least 1
 * @param place the address; 0 for a hole
 * @param packedBytes at that address
 * @param wholeBytes of which it is a part, once it was unpacked
 * @param within offset of this part in the whole
 */
record Extent(
    long start,
    long length,
    Kind kind,
    int packing,
    long place,
    long packedBytes,
    long wholeBytes,
    long within,
    Bytes item) {
  static final int INLINE_HEAD = 21;

  // "Compression": what is packed as one has no more than 128 KiB; room for larger sectors.
  private static final long MOST_PACKED = 1 << 20;

  enum Kind {
    INLINE,
    DATA,
    ZEROS
  }

  static Extent read(Key key, Bytes item, int sectorBytes) {
    long start = key.offset();
    long whole = item.u63(8, "its length");
    int packing = item.u8(16);
    if (item.u8(17) != 0 || item.u16(18) != 0) {
      throw Guest.unsupported("btrfs", "file " + key.id() + " is encrypted or encoded");
    }
    if (packing > 3) {
      throw Guest.unsupported("btrfs", "file " + key.id() + " has compression " + packing);
    }
    int type = item.u8(20);
    if (start < 0 || type > 2) {
      throw item.damaged("a part of kind " + type + " at " + start);
    }
    if (type == 0) {
      int kept = item.length() - INLINE_HEAD;
      if (start != 0 || whole < 1 || whole > 65_536 || (packing == 0 && whole > kept)) {
        throw item.damaged("it holds " + whole + " bytes at " + start);
      }
      return new Extent(start, whole, Kind.INLINE, packing, 0, kept, whole, 0, item);
    }
    long place = item.u63(21, "its address");
    long packed = item.u63(29, "its length on disk");
    long within = item.u63(37, "its offset");
    long length = item.u63(45, "its length");
    boolean zeros = type == 2 || place == 0;
    boolean sound =
        length >= 1
            && length <= Long.MAX_VALUE - start
            && (zeros || inBounds(place, packed, whole, within, length, packing, sectorBytes));
    if (!sound) {
      throw item.damaged(
          "a part of " + length + " bytes at " + within + " of " + whole + ", packed to " + packed);
    }
    return new Extent(
        start, length, zeros ? Kind.ZEROS : Kind.DATA, packing, place, packed, whole, within, item);
  }

  private static boolean inBounds(
      long place, long packed, long whole, long within, long length, int packing, int sectorBytes) {
    return within <= Long.MAX_VALUE - length
        && place % sectorBytes == 0
        && packed % sectorBytes == 0
        && packed <= Long.MAX_VALUE - place
        && within + length <= (packing == 0 ? packed : whole)
        && (packing == 0 || (packed <= MOST_PACKED && whole <= MOST_PACKED));
  }

  static Extent hole(long start, long length, Bytes none) {
    return new Extent(start, length, Kind.ZEROS, 0, 0, 0, 0, 0, none);
  }

  boolean holds(long offset) {
    return offset >= start && offset - start < length;
  }
}
