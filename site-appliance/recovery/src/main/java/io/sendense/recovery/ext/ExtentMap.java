package io.sendense.recovery.ext;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.fs.MappedContent;
import io.sendense.recovery.fs.MappedContent.Extent;

/**
 * The extent tree (chapter "Extent Tree"). Each question walks from the root to one leaf and is
 * answered by at most six nodes, so no tree can hold it up, however it points.
 */
final class ExtentMap implements MappedContent.Mapper {
  private static final int MAGIC = 0xF30A;
  private static final int DEEPEST = 5;
  private static final int RECORD = 12;
  private static final int LONGEST = 32_768;
  private static final long END = 1L << 32;

  private final ExtFileSystem system;
  private final Bytes root;
  private final long inode;
  private final int seed;

  ExtentMap(ExtFileSystem system, Bytes root, long inode, int seed) {
    this.system = system;
    this.root = root;
    this.inode = inode;
    this.seed = seed;
  }

  @Override
  public Extent at(long offset) {
    int blockBytes = system.head().blockBytes;
    long wanted = offset / blockBytes;
    if (wanted >= END) {
      return Extent.zeros(offset, Long.MAX_VALUE - offset);
    }
    Bytes node = root;
    int depth = checkHeader(node, -1);
    long end = END;
    while (depth > 0) {
      int place = last(node, wanted);
      int count = node.u16(2);
      if (place + 1 < count) {
        end = Math.min(end, node.u32(RECORD * (place + 2)));
      }
      if (place < 0) {
        return hole(wanted, end);
      }
      int at = RECORD * (place + 1);
      node = read(node.u32(at + 4) | (long) node.u16(at + 8) << 32);
      depth = checkHeader(node, depth - 1);
    }
    int place = last(node, wanted);
    if (place + 1 < node.u16(2)) {
      end = Math.min(end, node.u32(RECORD * (place + 2)));
    }
    if (place < 0) {
      return hole(wanted, end);
    }
    int at = RECORD * (place + 1);
    long first = node.u32(at);
    int length = node.u16(at + 4);
    boolean written = length <= LONGEST;
    length = written ? length : length - LONGEST;
    if (wanted - first >= length) {
      return hole(wanted, end);
    }
    if (!written) {
      return Extent.zeros(first * blockBytes, (long) length * blockBytes);
    }
    long block = node.u32(at + 8) | (long) node.u16(at + 6) << 32;
    system.place(block, "extent of inode " + inode);
    system.place(block + length - 1, "extent of inode " + inode);
    return new Extent(first * blockBytes, (long) length * blockBytes, block * blockBytes);
  }

  private Extent hole(long from, long end) {
    if (end <= from) {
      throw root.damaged("the extents of inode " + inode + " do not ascend at block " + from);
    }
    int blockBytes = system.head().blockBytes;
    return Extent.zeros(from * blockBytes, (end - from) * blockBytes);
  }

  /** The last record that begins at or before a block, or -1. */
  private static int last(Bytes node, long wanted) {
    int low = 0;
    int high = node.u16(2);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (node.u32(RECORD * (middle + 1)) <= wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private Bytes read(long block) {
    Bytes node = system.block(block, "extent node of inode " + inode);
    if (system.head().checksummed()) {
      int tail = RECORD * (node.u16(4) + 1);
      if (node.crc32c(seed, 0, tail) != node.i32(tail)) {
        throw node.damaged("its checksum does not match");
      }
    }
    return node;
  }

  /**
   * @param wanted depth; negative for any
   */
  private static int checkHeader(Bytes node, int wanted) {
    if (node.u16(0) != MAGIC) {
      throw node.damaged("its magic is not 0xF30A");
    }
    int depth = node.u16(6);
    if (depth > DEEPEST || (wanted >= 0 && depth != wanted)) {
      throw node.damaged("its depth is " + depth);
    }
    if (RECORD * (node.u16(2) + 1) > node.length()) {
      throw node.damaged("it counts " + node.u16(2) + " records");
    }
    return depth;
  }
}
