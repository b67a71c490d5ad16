package io.sendense.recovery.ext;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.Entry;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestName;
import java.nio.ByteBuffer;

/**
 * Directory blocks (chapter "Directory Entries"). A hashed directory is read as a linear one: its
 * index blocks look like empty entries, as the format means them to.
 */
final class Directory {
  private static final int HEAD = 8;
  private static final int TAIL = 12;

  private final ExtFileSystem system;
  private final long number;
  private final int seed;

  Directory(ExtFileSystem system, long number, int seed) {
    this.system = system;
    this.number = number;
    this.seed = seed;
  }

  void blocks(Content content, Entry.Visitor visitor) {
    int blockBytes = system.head().blockBytes;
    long size = content.sizeBytes();
    if (size > system.volume().sizeBytes()) {
      throw system
          .volume()
          .damaged("directory " + number, 0, "its " + size + " bytes exceed the volume");
    }
    long at = 0;
    while (at < size) {
      Content.Run run = content.run(at);
      if (!run.data()) {
        at = run.end();
        continue;
      }
      int length = (int) Math.min(blockBytes, size - at);
      byte[] block = new byte[length];
      content.read(at, ByteBuffer.wrap(block));
      Bytes bytes = Bytes.of(block, "ext4", "directory " + number, at);
      checkSum(bytes);
      if (!entries(bytes, visitor)) {
        return;
      }
      at += blockBytes;
    }
  }

  /** Whether to go on. */
  boolean inline(byte[] part, Entry.Visitor visitor) {
    return entries(Bytes.of(part, "ext4", "inline directory " + number, 0), visitor);
  }

  private boolean entries(Bytes block, Entry.Visitor visitor) {
    int at = 0;
    while (at + HEAD <= block.length()) {
      int length = block.u16(at + 4);
      if (length == 0 || length == 65_535) {
        length = 65_536;
      }
      if (length < HEAD || length % 4 != 0 || length > block.length() - at) {
        throw block.damaged("the entry at " + at + " has " + length + " bytes");
      }
      long inode = block.u32(at);
      int nameBytes = system.head().has(Super.FILETYPE) ? block.u8(at + 6) : block.u16(at + 6);
      if (inode != 0) {
        if (nameBytes == 0 || nameBytes > length - HEAD) {
          throw block.damaged("the entry at " + at + " has a name of " + nameBytes + " bytes");
        }
        GuestName name = GuestName.of(block.copy(at + HEAD, nameBytes));
        FileKind kind =
            system.head().has(Super.FILETYPE)
                ? FileKind.ofEntry(block.u8(at + 7))
                : FileKind.UNKNOWN;
        if (!name.dots() && !visitor.visit(new Entry(name, kind, () -> system.inode(inode)))) {
          return false;
        }
      }
      at += length;
    }
    return true;
  }

  /**
   * Leaf blocks end in an entry of no name that holds the sum; index blocks have theirs elsewhere.
   * A directory's first block becomes the index's root and keeps that last entry, but no entry
   * before leads to it any more.
   */
  private void checkSum(Bytes block) {
    int tail = block.length() - TAIL;
    if (!system.head().checksummed()
        || tail < 0
        || block.i32(tail) != 0
        || block.u16(tail + 4) != TAIL
        || block.u16(tail + 6) != 0xDE00
        || passesOver(block, tail)) {
      return;
    }
    if (block.crc32c(seed, 0, tail) != block.i32(tail + 8)) {
      throw block.damaged("its checksum does not match");
    }
  }

  /** Whether an entry spans that place. */
  private static boolean passesOver(Bytes block, int place) {
    int at = 0;
    while (at < place) {
      int length = block.u16(at + 4);
      if (length == 0 || length == 65_535) {
        return block.length() == 65_536;
      }
      if (length % 4 != 0) {
        return false;
      }
      at += length;
    }
    return at > place;
  }
}
