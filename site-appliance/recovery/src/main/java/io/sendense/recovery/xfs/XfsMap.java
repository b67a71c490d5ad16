package io.sendense.recovery.xfs;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.fs.MappedContent;
import io.sendense.recovery.fs.MappedContent.Extent;

/**
 * Extents of a fork, in the inode or in a B+tree below it (chapter "Data Extents"). Each question
 * walks down to one leaf, so no tree can hold it up.
 */
final class XfsMap implements MappedContent.Mapper {
  private static final int RECORD = 16;
  private static final int DEEPEST = 9;
  private static final long END = 1L << 54;

  private final XfsFileSystem system;
  private final Bytes fork;
  private final long inode;
  private final int format;
  private final long count;
  private final boolean five;

  XfsMap(XfsFileSystem system, Bytes fork, long inode, int format, long count, boolean five) {
    this.system = system;
    this.fork = fork;
    this.inode = inode;
    this.format = format;
    this.count = count;
    this.five = five;
  }

  @Override
  public Extent at(long offset) {
    long wanted = offset / system.head().blockBytes;
    if (format == XfsInode.EXTENTS) {
      if (count > fork.length() / RECORD) {
        throw fork.damaged("it counts " + count + " extents");
      }
      return leaf(fork, 0, (int) count, wanted, END);
    }
    int level = fork.u16(0);
    int records = fork.u16(2);
    int most = (fork.length() - 4) / RECORD;
    if (level < 1 || level > DEEPEST || records < 1 || records > most) {
      throw fork.damaged("a tree of " + level + " levels with " + records + " records");
    }
    Bytes node = fork;
    int keys = 4;
    long end = END;
    while (true) {
      int place = last(node, keys, 8, records, wanted, 0);
      if (place + 1 < records) {
        end = Math.min(end, node.i64(keys + 8 * (place + 1)));
      }
      if (place < 0) {
        return hole(wanted, end);
      }
      long child = node.u63(keys + 8 * most + 8 * place, "a pointer");
      node = system.block(child, "extent node of inode " + inode);
      level--;
      keys = checkNode(node, level);
      records = node.u16(6);
      most = (node.length() - keys) / RECORD;
      if (records > most) {
        throw node.damaged("it counts " + records + " records");
      }
      if (level == 0) {
        return leaf(node, keys, records, wanted, end);
      }
    }
  }

  private int checkNode(Bytes node, int level) {
    if (!node.has(0, five ? "BMA3" : "BMAP") || node.u16(4) != level) {
      throw node.damaged("it is no node of level " + level);
    }
    if (five && XfsSuper.sum(node, 64) != Integer.reverseBytes(node.i32(64))) {
      throw node.damaged("its checksum does not match");
    }
    return five ? 72 : 24;
  }

  private Extent leaf(Bytes node, int from, int records, long wanted, long until) {
    int place = last(node, from, RECORD, records, wanted, 9);
    long end = until;
    if (place + 1 < records) {
      end = Math.min(end, start(node.i64(from + RECORD * (place + 1))));
    }
    if (place < 0) {
      return hole(wanted, end);
    }
    long high = node.i64(from + RECORD * place);
    long low = node.i64(from + RECORD * place + 8);
    long first = start(high);
    long length = low & 0x1F_FFFF;
    if (wanted - first >= length) {
      return hole(wanted, end);
    }
    int blockBytes = system.head().blockBytes;
    if (high < 0) {
      // Allocated, and never written.
      return Extent.zeros(first * blockBytes, length * blockBytes);
    }
    long block = ((high & 0x1FF) << 43) | (low >>> 21);
    long place0 = system.head().place(block, "an extent of inode " + inode);
    long last = system.head().place(block + length - 1, "an extent of inode " + inode);
    if (last - place0 != (length - 1) * blockBytes) {
      throw node.damaged("an extent that leaves its group");
    }
    return new Extent(first * blockBytes, length * blockBytes, place0);
  }

  private Extent hole(long from, long end) {
    if (end <= from) {
      throw fork.damaged("the extents of inode " + inode + " do not ascend at block " + from);
    }
    int blockBytes = system.head().blockBytes;
    long bytes =
        end - from > Long.MAX_VALUE / 2 / blockBytes
            ? Long.MAX_VALUE / 2
            : (end - from) * blockBytes;
    return Extent.zeros(from * blockBytes, bytes);
  }

  /** The last record that begins at or before a block, or -1. */
  private static int last(Bytes node, int from, int width, int records, long wanted, int shift) {
    int low = 0;
    int high = records;
    while (low < high) {
      int middle = (low + high) >>> 1;
      long start = node.i64(from + width * middle);
      start = shift == 0 ? start : start(start);
      if (start <= wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private static long start(long high) {
    return (high & Long.MAX_VALUE) >>> 9;
  }
}
