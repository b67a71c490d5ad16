package io.sendense.recovery.btrfs;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Volume;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** The super block ("On-disk Format", Superblock), and which of its copies was taken. */
final class BtrfsSuper {
  static final long PRIMARY = 64 << 10;
  static final String MAGIC = "_BHRfS_M";

  private static final List<Long> MIRRORS = List.of(64L << 20, 256L << 30);
  private static final int LENGTH = 4096;
  private static final int SYSTEM_CHUNKS = 0x32B;
  private static final int MOST_SYSTEM_CHUNKS = 2048;
  private static final int DEEPEST = 7;
  private static final long OTHER_UUID = 0x400;
  private static final long ZONED = 0x1000;
  private static final long EXTENT_TREE_2 = 0x2000;
  private static final long STRIPE_TREE = 0x4000;
  private static final long KNOWN = 0xFFF | 0x1_0000;

  final Bytes bytes;
  final Sum sum;
  final boolean mirrored;
  final int sectorBytes;
  final int nodeBytes;
  final long device;
  final byte[] nodeUuid;
  final Root rootTree;
  final Root chunkTree;

  /** Where a tree begins. */
  record Root(long logical, int level, long generation) {}

  private BtrfsSuper(Volume volume, Bytes bytes, boolean mirrored) {
    this.bytes = bytes;
    this.mirrored = mirrored;
    sum = Sum.of(volume, bytes.u16(0xC4));
    if (!Arrays.equals(sum.over(bytes.copy(0x20, LENGTH - 0x20), 0, LENGTH - 0x20), kept())) {
      throw bytes.damaged("its checksum does not match");
    }
    long features = bytes.i64(0xBC);
    refuse(volume, features, ZONED, "the file system of a zoned device");
    refuse(volume, features, EXTENT_TREE_2, "the second kind of extent tree");
    refuse(volume, features, STRIPE_TREE, "a tree of RAID stripes");
    if ((features & ~KNOWN) != 0) {
      throw volume.unsupported(
          "the super block asks for features that are not known here: 0x"
              + Long.toHexString(features & ~KNOWN));
    }
    sectorBytes = bytes.i32(0x90);
    nodeBytes = bytes.i32(0x94);
    device = bytes.i64(0xC9);
    nodeUuid = bytes.copy((features & OTHER_UUID) != 0 ? 0x23B : 0x20, 16);
    rootTree = new Root(bytes.i64(0x50), level(0xC6), bytes.i64(0x48));
    chunkTree = new Root(bytes.i64(0x58), level(0xC7), bytes.i64(0xA4));
    if (!power(sectorBytes) || !power(nodeBytes) || nodeBytes < sectorBytes) {
      throw bytes.damaged("sectors of " + sectorBytes + " and nodes of " + nodeBytes + " bytes");
    }
  }

  /** The first copy, or the newest sound mirror where that is damaged. */
  static BtrfsSuper read(Volume volume) {
    try {
      return at(volume, PRIMARY, false);
    } catch (SendenseException first) {
      return MIRRORS.stream()
          .filter(place -> place <= volume.sizeBytes() - LENGTH)
          .flatMap(place -> sound(volume, place).stream())
          .max((one, other) -> Long.compareUnsigned(one.generation(), other.generation()))
          .orElseThrow(() -> first);
    }
  }

  private static List<BtrfsSuper> sound(Volume volume, long place) {
    try {
      return List.of(at(volume, place, true));
    } catch (SendenseException damaged) {
      return List.of();
    }
  }

  private static BtrfsSuper at(Volume volume, long place, boolean mirrored) {
    Bytes bytes = volume.read(place, LENGTH, "super block");
    if (!bytes.has(0x40, MAGIC) || bytes.i64(0x30) != place) {
      throw bytes.damaged("it is not one");
    }
    return new BtrfsSuper(volume, bytes, mirrored);
  }

  private static void refuse(Volume volume, long features, long feature, String name) {
    if ((features & feature) != 0) {
      throw volume.unsupported(name + " is not read");
    }
  }

  private static boolean power(int bytes) {
    return bytes >= 4096 && bytes <= 65_536 && Integer.bitCount(bytes) == 1;
  }

  private byte[] kept() {
    return bytes.copy(0, sum.bytes());
  }

  private int level(int at) {
    int level = bytes.u8(at);
    if (level > DEEPEST) {
      throw bytes.damaged("a tree of " + level + " levels");
    }
    return level;
  }

  long generation() {
    return bytes.i64(0x48);
  }

  boolean hasLog() {
    return bytes.i64(0x60) != 0;
  }

  long devices() {
    return bytes.i64(0x88);
  }

  /** The directory of the root tree that names the default subvolume. */
  long rootDirectory() {
    return bytes.i64(0x80);
  }

  /** Those chunks that the tree of chunks itself lies in, each behind its key. */
  Bytes systemChunks() {
    int length = bytes.i32(0xA0);
    if (length < 0 || length > MOST_SYSTEM_CHUNKS) {
      throw bytes.damaged("system chunks of " + length + " bytes");
    }
    return bytes.part(SYSTEM_CHUNKS, length, "system chunks");
  }

  String label() {
    int length = bytes.text(0x12B, 256).length();
    return new String(bytes.copy(0x12B, length), StandardCharsets.UTF_8);
  }

  String uuid() {
    String hex = HexFormat.of().formatHex(bytes.copy(0x20, 16));
    return hex.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
  }
}
