package io.sendense.recovery.xfs;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Crc32c;
import io.sendense.recovery.block.Volume;
import java.util.HexFormat;

/** The super block (chapter "Superblocks") and what can be computed from it. */
final class XfsSuper {
  private static final int LENGTH = 512;
  private static final int FTYPE_4 = 0x200;
  private static final int FTYPE_5 = 0x1;
  private static final int NEEDS_REPAIR = 0x10;
  private static final int KNOWN = 0x3F | 0x40 | 0x80;

  final Bytes bytes;
  final boolean five;
  final int blockBytes;
  final long blocks;
  final long rootInode;
  final long groupBlocks;
  final long groups;
  final int inodeBytes;
  final int inodesPerBlockLog;
  final int groupBlockLog;
  final int directoryBytes;
  final boolean fileTypes;
  final boolean needsRepair;

  private XfsSuper(Volume volume, Bytes bytes) {
    this.bytes = bytes;
    int version = bytes.u16(100) & 0xF;
    if (version != 4 && version != 5) {
      throw volume.unsupported("version " + version + " is not read, only 4 and 5");
    }
    five = version == 5;
    blockBytes = bytes.i32(4);
    blocks = bytes.u63(8, "the count of blocks");
    rootInode = bytes.u63(56, "the root's inode");
    groupBlocks = bytes.u32(84);
    groups = bytes.u32(88);
    inodeBytes = bytes.u16(104);
    inodesPerBlockLog = bytes.u8(123);
    groupBlockLog = bytes.u8(124);
    int directoryLog = bytes.u8(192);
    int incompatible = five ? bytes.i32(216) : 0;
    if ((incompatible & ~KNOWN) != 0) {
      throw volume.unsupported(
          "the super block asks for features that are not known here: 0x"
              + Integer.toHexString(incompatible & ~KNOWN));
    }
    needsRepair = (incompatible & NEEDS_REPAIR) != 0;
    fileTypes = five ? (incompatible & FTYPE_5) != 0 : (bytes.i32(200) & FTYPE_4) != 0;
    if (five && sum(bytes, 224) != Integer.reverseBytes(bytes.i32(224))) {
      throw bytes.damaged("its checksum does not match");
    }
    boolean sound =
        blockBytes >= 512
            && blockBytes <= 65_536
            && Integer.bitCount(blockBytes) == 1
            && inodeBytes >= 256
            && inodeBytes <= 2048
            && Integer.bitCount(inodeBytes) == 1
            && inodeBytes << inodesPerBlockLog == blockBytes
            && inodesPerBlockLog <= 8
            && groupBlockLog >= 1
            && groupBlockLog <= 31
            && groupBlocks >= 1
            && groupBlocks <= 1L << groupBlockLog
            && groups >= 1
            && directoryLog <= 7
            && (long) blockBytes << directoryLog <= 65_536
            && blocks <= Long.MAX_VALUE / 65_536;
    if (!sound) {
      throw bytes.damaged("sizes of blocks, inodes or groups that do not fit together");
    }
    directoryBytes = blockBytes << directoryLog;
  }

  static XfsSuper read(Volume volume) {
    Bytes bytes = volume.read(0, LENGTH, "super block").bigEndian();
    if (!bytes.has(0, "XFSB")) {
      throw bytes.damaged("its magic is not XFSB");
    }
    // The checksum is over a sector, which may be longer.
    int sector = bytes.u16(102);
    if (sector < LENGTH || sector > 32_768 || Integer.bitCount(sector) != 1) {
      throw bytes.damaged("sectors of " + sector + " bytes");
    }
    return new XfsSuper(volume, volume.read(0, sector, "super block").bigEndian());
  }

  /** CRC-32C over a structure whose own field counts as zeros, as XFS keeps it. */
  static int sum(Bytes bytes, int field) {
    int sum = bytes.crc32c(-1, 0, field);
    sum = Crc32c.update(sum, new byte[4]);
    return ~bytes.crc32c(sum, field + 4, bytes.length() - field - 4);
  }

  /** Where a block lies by its number of group and block in it. */
  long place(long block, String what) {
    long group = block >>> groupBlockLog;
    long within = block & ((1L << groupBlockLog) - 1);
    long at = group * groupBlocks + within;
    if (group >= groups || within >= groupBlocks || at >= blocks) {
      throw bytes.damaged(what + " lies at block " + block + ", which is not there");
    }
    return at * blockBytes;
  }

  long inodePlace(long inode) {
    long block = inode >>> inodesPerBlockLog;
    long within = inode & ((1L << inodesPerBlockLog) - 1);
    return place(block, "inode " + inode) + within * inodeBytes;
  }

  String label() {
    return bytes.text(108, 12);
  }

  String uuid() {
    String hex = HexFormat.of().formatHex(bytes.copy(32, 16));
    return hex.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
  }
}
