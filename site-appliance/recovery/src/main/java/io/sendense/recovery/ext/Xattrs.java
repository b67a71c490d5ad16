package io.sendense.recovery.ext;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.Xattr;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Extended attributes, in the inode, in a block, in inodes of their own ("Extended Attributes").
 */
final class Xattrs {
  private static final int MAGIC = 0xEA02_0000;
  private static final int BLOCK_HEAD = 32;
  private static final int RECORD = 16;
  private static final int SYSTEM = 7;
  private static final String INLINE_DATA = "data";
  // As much as Linux takes in one attribute.
  private static final int MOST = 64 << 10;

  private final ExtFileSystem system;
  private final Bytes inode;
  private final long number;

  Xattrs(ExtFileSystem system, Bytes inode, long number) {
    this.system = system;
    this.inode = inode;
    this.number = number;
  }

  List<Xattr> all() {
    List<Xattr> found = new ArrayList<>();
    walk(
        (index, name, value) -> {
          if (index != SYSTEM || !name.equals(INLINE_DATA)) {
            found.add(attribute(index, name, value));
          }
        });
    return found;
  }

  /** What of an inline file or directory did not fit beside the block map. */
  byte[] inlineData() {
    List<byte[]> found = new ArrayList<>();
    walk(
        (index, name, value) -> {
          if (index == SYSTEM && name.equals(INLINE_DATA)) {
            found.add(value);
          }
        });
    return found.isEmpty() ? new byte[0] : found.getFirst();
  }

  private interface Found {
    void attribute(int index, String name, byte[] value);
  }

  private void walk(Found found) {
    if (inode.length() > 128) {
      int start = 128 + inode.u16(0x80);
      if (inode.u16(0x80) > 0 && start + 8 <= inode.length() && inode.i32(start) == MAGIC) {
        Bytes area =
            inode.part(start + 4, inode.length() - start - 4, "attributes in inode " + number);
        entries(area, 0, found);
      }
    }
    long block = inode.u32(0x68) | (long) inode.u16(0x76) << 32;
    if (block != 0) {
      Bytes area = system.block(block, "attribute block of inode " + number);
      if (area.i32(0) != MAGIC) {
        throw area.damaged("its magic is not 0xEA020000");
      }
      entries(area, BLOCK_HEAD, found);
    }
  }

  private void entries(Bytes area, int from, Found found) {
    int at = from;
    while (at + 4 <= area.length() && area.i32(at) != 0) {
      int nameBytes = area.u8(at);
      int index = area.u8(at + 1);
      String name = new String(area.copy(at + RECORD, nameBytes), StandardCharsets.UTF_8);
      found.attribute(index, name, value(area, at));
      at += RECORD + (nameBytes + 3 & ~3);
    }
  }

  private byte[] value(Bytes area, int at) {
    long size = area.u32(at + 8);
    if (size > MOST) {
      throw area.damaged("an attribute of " + size + " bytes");
    }
    long valueInode = area.u32(at + 4);
    if (valueInode == 0) {
      return area.copy(area.u16(at + 2), (int) size);
    }
    Content content = system.inode(valueInode).raw();
    if (content.sizeBytes() < size) {
      throw area.damaged(
          "inode " + valueInode + " holds less than the attribute's " + size + " bytes");
    }
    byte[] value = new byte[(int) size];
    content.read(0, ByteBuffer.wrap(value));
    return value;
  }

  private Xattr attribute(int index, String name, byte[] value) {
    return switch (index) {
      case 1 -> new Xattr("user." + name, value);
      case 2 -> new Xattr("system.posix_acl_access", acl(value));
      case 3 -> new Xattr("system.posix_acl_default", acl(value));
      case 4 -> new Xattr("trusted." + name, value);
      case 6 -> new Xattr("security." + name, value);
      case SYSTEM -> new Xattr("system." + name, value);
      case 8 -> new Xattr("system.richacl" + name, value);
      default -> new Xattr("unknown-" + index + "." + name, value);
    };
  }

  /** From "POSIX ACLs" of the same chapter to what Linux takes: every entry has an id there. */
  private byte[] acl(byte[] kept) {
    Bytes from = Bytes.of(kept, "ext4", "ACL of inode " + number, inode.offset());
    if (from.u32(0) != 1) {
      throw from.damaged("its version is " + from.u32(0));
    }
    ByteBuffer acl =
        ByteBuffer.allocate(4 + 2 * kept.length).order(ByteOrder.LITTLE_ENDIAN).putInt(2);
    int at = 4;
    while (at < kept.length) {
      int tag = from.u16(at);
      boolean named = tag == 2 || tag == 8;
      acl.putShort((short) tag).putShort((short) from.u16(at + 2));
      acl.putInt(named ? from.i32(at + 4) : -1);
      at += named ? 8 : 4;
    }
    byte[] made = new byte[acl.position()];
    acl.flip().get(made);
    return made;
  }
}
