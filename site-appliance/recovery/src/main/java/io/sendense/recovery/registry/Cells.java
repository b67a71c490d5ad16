package io.sendense.recovery.registry;

/**
 * The cells in a hive's bins. An offset is counted from the first bin, as the hive itself does, and
 * is that of a cell's size; what a method reads or writes in a cell is counted from behind that.
 *
 * <p>What is new goes into bins behind the last one; cells that were free before are left alone, as
 * a hive's own tools do.
 */
final class Cells {
  static final int NONE = -1;
  private static final int HEADER = 32;
  private static final int BASE = 4096;

  /** Hives of a guest that was used for years have some 150 MiB. */
  private static final int MOST = 512 << 20;

  private final Pages pages;
  private int binsBytes;
  private int spaceAt;
  private int spaceBytes;

  Cells(Pages pages) {
    this.pages = pages;
    binsBytes = pages.i32(40);
    if (binsBytes < Pages.PAGE
        || binsBytes > MOST
        || binsBytes % Pages.PAGE != 0
        || binsBytes > pages.sizeBytes() - BASE) {
      throw pages.damaged(40, "its bins have " + Integer.toUnsignedString(binsBytes) + " bytes");
    }
    for (int at = 0; at < binsBytes; ) {
      int length = pages.i32(BASE + at + 8);
      if (pages.i32(BASE + at) != 0x6E69_6268 // "hbin"
          || pages.i32(BASE + at + 4) != at
          || length < Pages.PAGE
          || length % Pages.PAGE != 0
          || length > binsBytes - at) {
        throw pages.damaged(BASE + at, "no bin begins there");
      }
      at += length;
    }
  }

  int binsBytes() {
    return binsBytes;
  }

  /**
   * Of a cell that is in use, without its size.
   *
   * @throws io.sendense.domain.SendenseException GUEST_DAMAGED where none begins there
   */
  int length(int offset) {
    if (offset < HEADER || offset % 8 != 0 || offset > binsBytes - 8) {
      throw pages.damaged(BASE + (long) offset, "no cell can begin there");
    }
    long length = -(long) pages.i32(BASE + offset);
    if (length < 8 || length % 8 != 0 || length > binsBytes - offset) {
      throw pages.damaged(BASE + offset, "a cell of " + length + " bytes");
    }
    return (int) length - 4;
  }

  int u16(int offset, int at) {
    return pages.u16(place(offset, at, 2));
  }

  int i32(int offset, int at) {
    return pages.i32(place(offset, at, 4));
  }

  byte[] copy(int offset, int at, int count) {
    return pages.copy(place(offset, at, count), count);
  }

  void put(int offset, int at, byte[] bytes) {
    pages.put(place(offset, at, bytes.length), bytes);
  }

  void put16(int offset, int at, int value) {
    pages.put16(place(offset, at, 2), value);
  }

  void put32(int offset, int at, int value) {
    pages.put32(place(offset, at, 4), value);
  }

  void put64(int offset, int at, long value) {
    pages.put64(place(offset, at, 8), value);
  }

  /** A new cell with this content. */
  int add(byte[] content) {
    int needed = (content.length + 4 + 7) / 8 * 8;
    if (needed > spaceBytes) {
      grow(needed);
    }
    int offset = spaceAt;
    pages.put32(BASE + offset, -needed);
    pages.put(BASE + offset + 4L, content);
    spaceAt += needed;
    spaceBytes -= needed;
    if (spaceBytes > 0) {
      pages.put32(BASE + spaceAt, spaceBytes);
    }
    return offset;
  }

  void free(int offset) {
    pages.put32(BASE + offset, length(offset) + 4);
  }

  private void grow(int needed) {
    int length = (needed + HEADER + Pages.PAGE - 1) / Pages.PAGE * Pages.PAGE;
    if (length > MOST - binsBytes) {
      throw pages.unsupported("it would have more than " + MOST + " bytes");
    }
    long at = BASE + (long) binsBytes;
    pages.put(at, new byte[length]);
    pages.put32(at, 0x6E69_6268);
    pages.put32(at + 4, binsBytes);
    pages.put32(at + 8, length);
    // What is left of the bin before stays a free cell.
    spaceAt = binsBytes + HEADER;
    spaceBytes = length - HEADER;
    binsBytes += length;
    pages.put32(BASE + spaceAt, spaceBytes);
  }

  private long place(int offset, int at, int count) {
    int length = length(offset);
    if (at < 0 || count < 0 || count > length || at > length - count) {
      throw pages.damaged(
          BASE + offset, count + " bytes at " + at + " are not within a cell of " + length);
    }
    return BASE + offset + 4L + at;
  }

  Pages pages() {
    return pages;
  }
}
