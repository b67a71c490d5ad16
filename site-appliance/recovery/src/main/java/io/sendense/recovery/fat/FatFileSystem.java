package io.sendense.recovery.fat;

import io.sendense.recovery.block.BlockSource;
import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Volume;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestFileSystem;
import java.util.List;
import java.util.Locale;

/** A FAT file system ("Boot Sector and BPB", "FAT Type Determination"). */
public final class FatFileSystem implements GuestFileSystem {
  private static final int MOST_12 = 4085;
  private static final int END_OF_CHAIN_32 = 0x0FFF_FFF8;
  private static final int BAD_32 = 0x0FFF_FFF7;

  private final Volume volume;
  private final Bytes boot;
  private final int sectorBytes;
  private final int clusterBytes;
  private final long fatOffset;
  private final long rootOffset;
  private final int rootEntries;
  private final long dataOffset;
  private final int clusters;
  private final int width;

  private FatFileSystem(Volume volume, Bytes boot) {
    this.volume = volume;
    this.boot = boot;
    sectorBytes = boot.u16(11);
    clusterBytes = sectorBytes * boot.u8(13);
    long sectors = boot.u16(19) != 0 ? boot.u16(19) : boot.u32(32);
    long fatSectors = boot.u16(22) != 0 ? boot.u16(22) : boot.u32(36);
    rootEntries = boot.u16(17);
    fatOffset = (long) boot.u16(14) * sectorBytes;
    rootOffset = fatOffset + boot.u8(16) * fatSectors * sectorBytes;
    long rootBytes = (rootEntries * 32L + sectorBytes - 1) / sectorBytes * sectorBytes;
    dataOffset = rootOffset + rootBytes;
    long data = (sectors * sectorBytes - dataOffset) / clusterBytes;
    if (data < 1 || data > BAD_32 || sectors * sectorBytes > volume.sizeBytes()) {
      throw boot.damaged(sectors + " sectors leave " + data + " clusters");
    }
    clusters = (int) data;
    // By the count of clusters alone, says the specification; but Linux formats small ones as FAT32
    // too, and tells them by this field.
    width = boot.u16(22) == 0 ? 32 : clusters < MOST_12 ? 12 : 16;
    if ((clusters + 2L) * width / 8 > fatSectors * sectorBytes) {
      throw boot.damaged(
          "its table of " + fatSectors + " sectors is shorter than its clusters ask");
    }
  }

  /** Whether the source begins as one of these does. */
  public static boolean isThere(BlockSource source) {
    if (source.sizeBytes() < 512) {
      return false;
    }
    Bytes boot = new Volume(source, "FAT").read(0, 512, "boot sector");
    int sector = boot.u16(11);
    return boot.u16(510) == 0xAA55
        && (boot.u8(0) == 0xEB || boot.u8(0) == 0xE9)
        && sector >= 512
        && sector <= 4096
        && Integer.bitCount(sector) == 1
        && Integer.bitCount(boot.u8(13)) == 1
        && boot.u16(14) != 0
        && (boot.u8(16) == 1 || boot.u8(16) == 2)
        && (boot.u8(21) == 0xF0 || boot.u8(21) >= 0xF8)
        && (boot.u16(22) != 0 || boot.u32(36) != 0)
        && !boot.has(3, "NTFS")
        && !boot.has(3, "EXFAT");
  }

  /**
   * @throws io.sendense.domain.SendenseException GUEST_DAMAGED
   */
  public static FatFileSystem open(BlockSource source) {
    Volume volume = new Volume(source, "FAT");
    return new FatFileSystem(volume, volume.read(0, 512, "boot sector"));
  }

  @Override
  public String type() {
    return "FAT" + width;
  }

  @Override
  public String label() {
    String label = boot.text(width == 32 ? 71 : 43, 11).strip();
    return label.equals("NO NAME") ? "" : label;
  }

  @Override
  public String uuid() {
    long id = boot.u32(width == 32 ? 67 : 39);
    return String.format(Locale.ROOT, "%04X-%04X", id >> 16, id & 0xFFFF);
  }

  @Override
  public List<String> notes() {
    return List.of("its times have no zone: they are taken as UTC");
  }

  @Override
  public GuestFile root() {
    return FatFile.root(this);
  }

  Volume volume() {
    return volume;
  }

  int clusterBytes() {
    return clusterBytes;
  }

  int clusters() {
    return clusters;
  }

  /** Of the fixed root of FAT12 and FAT16. */
  long rootOffset() {
    return rootOffset;
  }

  /** 0 where the root is a chain of clusters like any directory. */
  int rootEntries() {
    return width == 32 ? 0 : rootEntries;
  }

  int rootCluster() {
    return boot.i32(44);
  }

  int firstCluster(Bytes entry) {
    return entry.u16(26) | (width == 32 ? entry.u16(20) << 16 : 0);
  }

  long place(int cluster) {
    return dataOffset + (cluster - 2L) * clusterBytes;
  }

  /** A cluster that a directory or the table names. */
  int check(int cluster, String what) {
    if (cluster < 2 || cluster >= clusters + 2) {
      throw volume.damaged(
          what, 0, "cluster " + (cluster & 0xFFFF_FFFFL) + " is not one of " + clusters);
    }
    return cluster;
  }

  /** What follows a cluster, or 0 at the end of its chain ("FAT Data Structure"). */
  int next(int cluster, String what) {
    int value =
        switch (width) {
          case 12 -> {
            Bytes pair = volume.read(fatOffset + cluster + cluster / 2, 2, "table");
            int both = pair.u16(0);
            int entry = (cluster & 1) == 0 ? both & 0xFFF : both >> 4;
            yield entry >= 0xFF7 ? entry | 0x0FFF_F000 : entry;
          }
          case 16 -> {
            int entry = volume.read(fatOffset + 2L * cluster, 2, "table").u16(0);
            yield entry >= 0xFFF7 ? entry | 0x0FFF_0000 : entry;
          }
          default -> volume.read(fatOffset + 4L * cluster, 4, "table").i32(0) & 0x0FFF_FFFF;
        };
    return value >= END_OF_CHAIN_32 ? 0 : check(value, what);
  }
}
