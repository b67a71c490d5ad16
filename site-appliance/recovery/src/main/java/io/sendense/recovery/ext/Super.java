package io.sendense.recovery.ext;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Crc32c;
import io.sendense.recovery.block.Volume;
import java.util.HexFormat;
import java.util.Optional;

/** The super block (chapter "Super Block"). */
final class Super {
  static final int PLACE = 1024;
  static final int LENGTH = 1024;

  static final int HAS_JOURNAL = 0x4;
  static final int SPARSE_SUPER_2 = 0x200;
  static final int FILETYPE = 0x2;
  static final int RECOVER = 0x4;
  static final int JOURNAL_DEVICE = 0x8;
  static final int META_BG = 0x10;
  static final int WIDE = 0x80;
  static final int CSUM_SEED = 0x2000;
  static final int METADATA_CSUM = 0x400;

  // COMPRESSION and DIRDATA were never in Linux's own ext4; what comes after CASEFOLD is unknown.
  private static final int UNREADABLE = ~0x3_E7DE;

  final Bytes bytes;
  final int blockBytes;
  final long blocks;
  final long inodes;
  final long firstDataBlock;
  final long blocksPerGroup;
  final long inodesPerGroup;
  final int inodeBytes;
  final int descriptorBytes;
  final int compat;
  final int incompat;
  final int roCompat;
  final int checksumSeed;

  private Super(Bytes bytes) {
    this.bytes = bytes;
    long shift = bytes.u32(0x18);
    if (shift > 6) {
      throw bytes.damaged("the logarithm of the block size is " + shift);
    }
    blockBytes = 1024 << shift;
    boolean old = bytes.u32(0x4C) == 0;
    compat = old ? 0 : bytes.i32(0x5C);
    incompat = old ? 0 : bytes.i32(0x60);
    roCompat = old ? 0 : bytes.i32(0x64);
    inodes = bytes.u32(0);
    blocks = bytes.u32(4) | (has(WIDE) ? bytes.u32(0x150) << 32 : 0);
    firstDataBlock = bytes.u32(0x14);
    blocksPerGroup = bytes.u32(0x20);
    inodesPerGroup = bytes.u32(0x28);
    inodeBytes = old ? 128 : bytes.u16(0x58);
    descriptorBytes = has(WIDE) ? bytes.u16(0xFE) : 32;
    checksumSeed = has(CSUM_SEED) ? bytes.i32(0x270) : Crc32c.update(-1, bytes.copy(0x68, 16));
  }

  static boolean isThere(Bytes bytes) {
    return bytes.u16(0x38) == 0xEF53;
  }

  static Super read(Volume volume) {
    Bytes bytes = volume.read(PLACE, LENGTH, "super block");
    if (!isThere(bytes)) {
      throw bytes.damaged("its magic is not 0xEF53");
    }
    Super found = new Super(bytes);
    found.check(volume);
    return found;
  }

  private void check(Volume volume) {
    if (has(JOURNAL_DEVICE)) {
      throw volume.unsupported("this is an external journal, which holds no files");
    }
    if ((incompat & UNREADABLE) != 0) {
      throw volume.unsupported(
          "the super block asks for features that are not known here: 0x"
              + Integer.toHexString(incompat & UNREADABLE));
    }
    if (checksummed() && bytes.crc32c(-1, 0, 0x3FC) != bytes.i32(0x3FC)) {
      throw bytes.damaged("its checksum does not match");
    }
    if (blocksPerGroup == 0 || inodesPerGroup == 0 || inodes == 0) {
      throw bytes.damaged("a group has no blocks or no inodes");
    }
    if (Integer.bitCount(inodeBytes) != 1 || inodeBytes < 128 || inodeBytes > blockBytes) {
      throw bytes.damaged("an inode has " + inodeBytes + " bytes");
    }
    if (Integer.bitCount(descriptorBytes) != 1
        || descriptorBytes < 32
        || descriptorBytes > blockBytes) {
      throw bytes.damaged("a group descriptor has " + descriptorBytes + " bytes");
    }
    if (blocks <= firstDataBlock || blocks > Long.MAX_VALUE / blockBytes) {
      throw bytes.damaged("it counts " + blocks + " blocks");
    }
  }

  boolean has(int incompatible) {
    return (incompat & incompatible) != 0;
  }

  boolean checksummed() {
    return (roCompat & METADATA_CSUM) != 0;
  }

  boolean needsRecovery() {
    return (compat & HAS_JOURNAL) != 0 && has(RECOVER);
  }

  /** That files of any user may take. */
  long freeBlocks() {
    long free = bytes.u32(0xC) | (has(WIDE) ? bytes.u32(0x158) << 32 : 0);
    long reserved = bytes.u32(0x8) | (has(WIDE) ? bytes.u32(0x154) << 32 : 0);
    return Math.min(free, blocks) - Math.min(reserved, blocks);
  }

  /** Of the journal's own file; empty where it is another device. */
  Optional<Long> journalInode() {
    long number = bytes.u32(0xE0);
    return number == 0 ? Optional.empty() : Optional.of(number);
  }

  String label() {
    return bytes.text(0x78, 16);
  }

  String uuid() {
    String hex = HexFormat.of().formatHex(bytes.copy(0x68, 16));
    return hex.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
  }

  String type() {
    if ((incompat & (0x40 | WIDE | 0x200 | 0x8000)) != 0
        || (roCompat & (0x8 | METADATA_CSUM)) != 0) {
      return "ext4";
    }
    return (compat & HAS_JOURNAL) != 0 ? "ext3" : "ext2";
  }

  /** The block of a group's descriptor (chapter "Block Group Descriptors", "Meta Block Groups"). */
  long descriptorBlock(long group) {
    long perBlock = blockBytes / descriptorBytes;
    long which = group / perBlock;
    if (!has(META_BG) || which < bytes.u32(0x104)) {
      return firstDataBlock + 1 + which;
    }
    long first = which * perBlock;
    return firstDataBlock + first * blocksPerGroup + (hasCopy(first) ? 1 : 0);
  }

  private boolean hasCopy(long group) {
    if (group == 0) {
      return true;
    }
    if ((compat & SPARSE_SUPER_2) != 0) {
      return group == bytes.u32(0x24C) || group == bytes.u32(0x250);
    }
    if ((roCompat & 1) == 0) {
      return true;
    }
    return group == 1 || power(group, 3) || power(group, 5) || power(group, 7);
  }

  private static boolean power(long value, int base) {
    long left = value;
    while (left % base == 0) {
      left /= base;
    }
    return left == 1;
  }
}
