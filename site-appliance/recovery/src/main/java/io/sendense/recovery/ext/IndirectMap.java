package io.sendense.recovery.ext;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.fs.MappedContent;
import io.sendense.recovery.fs.MappedContent.Extent;

/** Blocks by number, three levels of indirection (chapter "Direct/Indirect Block Addressing"). */
final class IndirectMap implements MappedContent.Mapper {
  private static final int DIRECT = 12;
  private static final int LEVELS = 3;

  private final ExtFileSystem system;
  private final Bytes map;
  private final long inode;

  IndirectMap(ExtFileSystem system, Bytes map, long inode) {
    this.system = system;
    this.map = map;
    this.inode = inode;
  }

  @Override
  public Extent at(long offset) {
    int blockBytes = system.head().blockBytes;
    long block = offset / blockBytes;
    if (block < DIRECT) {
      return run(map, (int) block, DIRECT, block);
    }
    long perNode = blockBytes / 4;
    long first = DIRECT;
    long covers = perNode;
    for (int level = 1; level <= LEVELS; level++) {
      if (block - first < covers) {
        return below(map.u32(4 * (DIRECT + level - 1)), level, first, covers, block);
      }
      first += covers;
      covers *= perNode;
    }
    throw map.damaged("block " + block + " is beyond what three levels can reach");
  }

  private Extent below(long pointer, int height, long start, long span, long block) {
    int blockBytes = system.head().blockBytes;
    long perNode = blockBytes / 4;
    long at = pointer;
    long first = start;
    long covers = span;
    for (int level = height; level > 0; level--) {
      if (at == 0) {
        return Extent.zeros(first * blockBytes, covers * blockBytes);
      }
      Bytes node = system.block(at, "indirect block of inode " + inode);
      covers /= perNode;
      int index = (int) ((block - first) / covers);
      if (level == 1) {
        return run(node, index, (int) perNode, block);
      }
      first += index * covers;
      at = node.u32(4 * index);
    }
    throw map.damaged("no level left");
  }

  /** What lies together from one place of a node on, or the hole there. */
  private Extent run(Bytes node, int index, int count, long block) {
    int blockBytes = system.head().blockBytes;
    long first = node.u32(4 * index);
    int length = 1;
    while (index + length < count
        && node.u32(4 * (index + length)) == (first == 0 ? 0 : first + length)) {
      length++;
    }
    long bytes = (long) length * blockBytes;
    if (first == 0) {
      return Extent.zeros(block * blockBytes, bytes);
    }
    system.place(first, "block of inode " + inode);
    system.place(first + length - 1, "block of inode " + inode);
    return new Extent(block * blockBytes, bytes, first * blockBytes);
  }
}
