package io.sendense.recovery.btrfs;

import io.sendense.recovery.block.Bytes;

/** What an item of a tree is found by; its numbers are unsigned and ordered from left to right. */
record Key(long id, int type, long offset) implements Comparable<Key> {
  static final int BYTES = 17;
  static final int INODE = 1;
  static final int XATTR = 24;
  static final int DIRECTORY_NAME = 84;
  static final int DIRECTORY_INDEX = 96;
  static final int EXTENT = 108;
  static final int SUMS = 128;
  static final int ROOT = 132;
  static final int ROOT_REFERENCE = 156;
  static final int CHUNK = 228;

  static Key read(Bytes from, int at) {
    return new Key(from.i64(at), from.u8(at + 8), from.i64(at + 9));
  }

  boolean of(long wantedId, int wantedType) {
    return id == wantedId && type == wantedType;
  }

  @Override
  public int compareTo(Key other) {
    int order = Long.compareUnsigned(id, other.id);
    if (order == 0) {
      order = Integer.compare(type, other.type);
    }
    return order == 0 ? Long.compareUnsigned(offset, other.offset) : order;
  }

  @Override
  public String toString() {
    return Long.toUnsignedString(id) + "/" + type + "/" + Long.toUnsignedString(offset);
  }
}
