package io.sendense.recovery.xfs;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.fs.MappedContent;
import io.sendense.recovery.fs.Xattr;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Extended attributes (chapter "Extended Attributes"): in the inode, or in leaves below nodes. */
final class XfsXattrs {
  private static final int LOCAL = 0x01;
  private static final int ROOT = 0x02;
  private static final int SECURE = 0x04;
  private static final int PARENT = 0x08;
  private static final int INCOMPLETE = 0x80;
  private static final int REMOTE_HEAD = 56;
  private static final int MOST = 64 << 10;
  private static final int MOST_LEAVES = 4096;
  private static final int DEEPEST = 5;

  private final XfsFileSystem system;
  private final long number;
  private final boolean five;
  private final List<Xattr> found = new ArrayList<>();

  XfsXattrs(XfsFileSystem system, long number, boolean five) {
    this.system = system;
    this.number = number;
    this.five = five;
  }

  List<Xattr> shortForm(Bytes area) {
    int count = area.u8(2);
    int at = 4;
    for (int i = 0; i < count; i++) {
      int name = area.u8(at);
      int value = area.u8(at + 1);
      add(area.u8(at + 2), area.copy(at + 3, name), area.copy(at + 3 + name, value));
      at += 3 + name + value;
    }
    return List.copyOf(found);
  }

  List<Xattr> blocks(XfsInode inode, MappedContent.Mapper map) {
    String what = "attribute block of inode " + number;
    int blockBytes = system.head().blockBytes;
    long at = 0;
    Bytes block = inode.block(map, 0, what);
    for (int depth = 0; !isLeaf(block); depth++) {
      if (block.u16(8) != (five ? 0x3EBE : 0xFEBE) || depth > DEEPEST) {
        throw block.damaged("it is neither a node nor a leaf");
      }
      at = block.u32(five ? 68 : 20);
      block = inode.block(map, at * blockBytes, what);
    }
    Set<Long> seen = new HashSet<>();
    while (true) {
      if (!seen.add(at) || seen.size() > MOST_LEAVES || !isLeaf(block)) {
        throw block.damaged("the leaves do not follow one another");
      }
      leaf(inode, map, block);
      at = block.u32(0);
      if (at == 0) {
        return List.copyOf(found);
      }
      block = inode.block(map, at * blockBytes, what);
    }
  }

  private boolean isLeaf(Bytes block) {
    return block.u16(8) == (five ? 0x3BEE : 0xFBEE);
  }

  private void leaf(XfsInode inode, MappedContent.Mapper map, Bytes block) {
    if (five && XfsSuper.sum(block, 12) != Integer.reverseBytes(block.i32(12))) {
      throw block.damaged("its checksum does not match");
    }
    int count = block.u16(five ? 56 : 12);
    int first = five ? 80 : 32;
    for (int i = 0; i < count; i++) {
      int entry = first + 8 * i;
      int flags = block.u8(entry + 6);
      int at = block.u16(entry + 4);
      if ((flags & INCOMPLETE) != 0) {
        continue;
      }
      if ((flags & LOCAL) != 0) {
        int value = block.u16(at);
        int name = block.u8(at + 2);
        add(flags, block.copy(at + 3, name), block.copy(at + 3 + name, value));
      } else {
        int name = block.u8(at + 8);
        add(flags, block.copy(at + 9, name), remote(inode, map, block.u32(at), block.u32(at + 4)));
      }
    }
  }

  private byte[] remote(XfsInode inode, MappedContent.Mapper map, long block, long length) {
    String what = "attribute value of inode " + number;
    if (length > MOST) {
      throw system.volume().damaged(what, 0, "it has " + length + " bytes");
    }
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    int blockBytes = system.head().blockBytes;
    int head = five ? REMOTE_HEAD : 0;
    for (long at = block; value.size() < length; at++) {
      Bytes part = inode.block(map, at * blockBytes, what);
      if (five && !part.has(0, "XARM")) {
        throw part.damaged("its magic is not XARM");
      }
      value.writeBytes(part.copy(head, (int) Math.min(blockBytes - head, length - value.size())));
    }
    return value.toByteArray();
  }

  private void add(int flags, byte[] nameBytes, byte[] value) {
    String name = new String(nameBytes, StandardCharsets.UTF_8);
    if ((flags & (INCOMPLETE | PARENT)) != 0) {
      return;
    }
    if ((flags & ROOT) != 0) {
      acl(name, value)
          .ifPresentOrElse(found::add, () -> found.add(new Xattr("trusted." + name, value)));
    } else {
      found.add(new Xattr(((flags & SECURE) != 0 ? "security." : "user.") + name, value));
    }
  }

  /** From XFS's own layout of an ACL to the one Linux takes. */
  private Optional<Xattr> acl(String name, byte[] value) {
    String known =
        switch (name) {
          case "SGI_ACL_FILE" -> "system.posix_acl_access";
          case "SGI_ACL_DEFAULT" -> "system.posix_acl_default";
          default -> "";
        };
    if (known.isEmpty()) {
      return Optional.empty();
    }
    Bytes from = Bytes.of(value, "XFS", "ACL of inode " + number, 0).bigEndian();
    long count = from.u32(0);
    if (count > value.length / 12) {
      throw from.damaged("it counts " + count + " entries");
    }
    ByteBuffer acl =
        ByteBuffer.allocate(4 + 8 * (int) count).order(ByteOrder.LITTLE_ENDIAN).putInt(2);
    for (int i = 0; i < count; i++) {
      int tag = from.i32(4 + 12 * i);
      boolean named = tag == 2 || tag == 8;
      acl.putShort((short) tag).putShort((short) from.u16(12 + 12 * i));
      acl.putInt(named ? from.i32(8 + 12 * i) : -1);
    }
    return Optional.of(new Xattr(known, acl.array()));
  }
}
