package io.sendense.recovery.btrfs;

import io.sendense.recovery.block.Bytes;

/** A node of a tree that was proved sound ("On-disk Format", Header): its keys ascend. */
final class Node {
  private static final int HEAD = 0x65;
  private static final int ITEM = 25;
  private static final int POINTER = 33;

  final int level;
  final int count;
  private final Bytes bytes;

  Node(Bytes bytes) {
    this.bytes = bytes;
    level = bytes.u8(0x64);
    long told = bytes.u32(0x60);
    if (told > (bytes.length() - HEAD) / width()) {
      throw bytes.damaged("it counts " + told + " items");
    }
    count = (int) told;
    for (int i = 1; i < count; i++) {
      if (key(i - 1).compareTo(key(i)) >= 0) {
        throw bytes.damaged("its keys do not ascend at item " + i);
      }
    }
    if (level > 0 && count == 0) {
      throw bytes.damaged("it leads nowhere");
    }
  }

  Key key(int index) {
    return Key.read(bytes, HEAD + width() * index);
  }

  Bytes item(int index) {
    int at = HEAD + ITEM * index;
    long from = bytes.u32(at + Key.BYTES);
    long length = bytes.u32(at + Key.BYTES + 4);
    if (from > bytes.length() - HEAD || length > bytes.length() - HEAD - from) {
      throw bytes.damaged("item " + index + " does not lie in it");
    }
    return bytes.part(HEAD + (int) from, (int) length, "item " + key(index));
  }

  long child(int index) {
    return bytes.i64(HEAD + POINTER * index + Key.BYTES);
  }

  long childGeneration(int index) {
    return bytes.i64(HEAD + POINTER * index + Key.BYTES + 8);
  }

  /** The last item or pointer at or before a key, or -1. */
  int last(Key wanted) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (key(middle).compareTo(wanted) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private int width() {
    return level > 0 ? POINTER : ITEM;
  }
}
