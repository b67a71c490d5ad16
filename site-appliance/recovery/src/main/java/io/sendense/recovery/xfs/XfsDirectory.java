package io.sendense.recovery.xfs;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.Entry;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestName;
import java.nio.ByteBuffer;

/**
 * Directories (chapter "Directories"): in the inode, in one block, or in data blocks below 32 GiB
 * with their index beyond, which is not needed to read all names.
 */
final class XfsDirectory {
  private static final long INDEX = 1L << 35;

  private final XfsFileSystem system;
  private final long number;
  private final Entry.Visitor visitor;

  XfsDirectory(XfsFileSystem system, long number, Entry.Visitor visitor) {
    this.system = system;
    this.number = number;
    this.visitor = visitor;
  }

  void shortForm(Bytes area) {
    int count = area.u8(0);
    int width = area.u8(1) > 0 ? 8 : 4;
    count = Math.max(count, area.u8(1));
    int at = 2 + width;
    int type = system.head().fileTypes ? 1 : 0;
    for (int i = 0; i < count; i++) {
      int length = area.u8(at);
      GuestName name = GuestName.of(area.copy(at + 3, length));
      int behind = at + 3 + length;
      int kind = type == 1 ? area.u8(behind) : 0;
      long inode = width == 8 ? area.u63(behind + type, "an inode") : area.u32(behind + type);
      if (!visit(area, name, kind, inode)) {
        return;
      }
      at = behind + type + width;
    }
  }

  void blocks(Content content) {
    int blockBytes = system.head().directoryBytes;
    long size = Math.min(content.sizeBytes(), INDEX);
    if (size > system.volume().sizeBytes()) {
      throw system
          .volume()
          .damaged("directory " + number, 0, "its " + size + " bytes exceed the volume");
    }
    long at = 0;
    while (at < size) {
      Content.Run run = content.run(at);
      if (!run.data()) {
        at = Math.max(at + blockBytes, run.end() / blockBytes * blockBytes);
        continue;
      }
      int length = (int) Math.min(blockBytes, content.sizeBytes() - at);
      byte[] block = new byte[length];
      content.read(at, ByteBuffer.wrap(block));
      if (!block(Bytes.of(block, "XFS", "block of directory " + number, at).bigEndian())) {
        return;
      }
      at += blockBytes;
    }
  }

  /** Whether to go on. */
  private boolean block(Bytes block) {
    boolean five = block.has(0, "XDB3") || block.has(0, "XDD3");
    boolean whole = block.has(0, "XDB3") || block.has(0, "XD2B");
    if (!five && !whole && !block.has(0, "XD2D")) {
      throw block.damaged("it has not the magic of one");
    }
    if (five && XfsSuper.sum(block, 4) != Integer.reverseBytes(block.i32(4))) {
      throw block.damaged("its checksum does not match");
    }
    int end = block.length();
    if (whole) {
      long leaves = block.u32(end - 8);
      if (leaves > (end - 8) / 8) {
        throw block.damaged("it counts " + leaves + " names");
      }
      end -= 8 + (int) leaves * 8;
    }
    int type = system.head().fileTypes ? 1 : 0;
    int at = five ? 64 : 16;
    while (at + 8 <= end) {
      if (block.u16(at) == 0xFFFF) {
        int free = block.u16(at + 2);
        if (free < 8 || free % 8 != 0 || free > end - at) {
          throw block.damaged("a free part of " + free + " bytes at " + at);
        }
        at += free;
        continue;
      }
      int length = block.u8(at + 8);
      int whole8 = (8 + 1 + length + type + 2 + 7) & ~7;
      if (length == 0 || whole8 > end - at) {
        throw block.damaged("an entry with a name of " + length + " bytes at " + at);
      }
      GuestName name = GuestName.of(block.copy(at + 9, length));
      int kind = type == 1 ? block.u8(at + 9 + length) : 0;
      if (!visit(block, name, kind, block.u63(at, "an inode"))) {
        return false;
      }
      at += whole8;
    }
    return true;
  }

  private boolean visit(Bytes from, GuestName name, int kind, long inode) {
    if (name.bytes().length == 0) {
      throw from.damaged("a name of no bytes");
    }
    return name.dots()
        || visitor.visit(new Entry(name, FileKind.ofEntry(kind), () -> system.inode(inode)));
  }
}
