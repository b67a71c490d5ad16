package io.sendense.recovery.xfs;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Volume;

/**
 * Whether the log ends in an unmount record (chapter "Journaling Log"). Its head is found by the
 * cycle number that each of its 512-byte blocks begins with: it is one higher before the head than
 * behind.
 */
final class XfsLog {
  private static final int BLOCK = 512;
  private static final int MAGIC = 0xFEED_BABE;
  private static final int UNMOUNT = 0x20;
  // The longest record, 256 KiB, and its headers.
  private static final int MOST_BACK = 530;

  private final Volume volume;
  private final long offset;
  private final long blocks;

  private XfsLog(Volume volume, long offset, long blocks) {
    this.volume = volume;
    this.offset = offset;
    this.blocks = blocks;
  }

  static boolean clean(Volume volume, XfsSuper head) {
    long start = head.bytes.i64(48);
    long length = head.bytes.u32(96) * head.blockBytes;
    if (start == 0 || length < BLOCK) {
      // The log is another device, which nobody gave us.
      return false;
    }
    long offset = head.place(start, "the log");
    if (offset > volume.sizeBytes() - length) {
      return false;
    }
    return new XfsLog(volume, offset, length / BLOCK).endsInUnmount();
  }

  private boolean endsInUnmount() {
    long head = head();
    for (int back = 1; back <= Math.min(MOST_BACK, blocks); back++) {
      long at = Math.floorMod(head - back, blocks);
      Bytes block = block(at);
      if (block.i32(0) == MAGIC) {
        long heads = Math.max(1, (block.u32(320) + 32_767) / 32_768);
        if ((block.i32(8) & 2) == 0) {
          heads = 1;
        }
        Bytes operation = block((at + heads) % blocks);
        return block.u32(40) == 1 && (operation.u8(9) & UNMOUNT) != 0;
      }
    }
    return false;
  }

  private long head() {
    int first = cycle(0);
    if (cycle(blocks - 1) == first) {
      return 0;
    }
    long low = 0;
    long high = blocks - 1;
    while (high - low > 1) {
      long middle = (low + high) >>> 1;
      if (cycle(middle) == first) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  private int cycle(long block) {
    Bytes bytes = block(block);
    return bytes.i32(0) == MAGIC ? bytes.i32(4) : bytes.i32(0);
  }

  private Bytes block(long block) {
    return volume.read(offset + block * BLOCK, BLOCK, "log").bigEndian();
  }
}
