package io.sendense.recovery.disk;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.block.BlockSource;
import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Volume;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A master boot record with its chain of extended ones (UEFI Specification 2.10, section 5.2; for
 * the chain, "How Basic Disks and Volumes Work", Microsoft, 2009).
 */
final class Mbr {
  private static final int SECTOR = 512;
  private static final int TABLE = 446;
  private static final int ENTRY = 16;
  private static final int MOST_LOGICAL = 256;
  private static final Set<Integer> EXTENDED = Set.of(0x05, 0x0F, 0x85);

  private Mbr() {}

  /** The partitions; empty where the first sector holds no table. */
  static Optional<List<Partition>> read(BlockSource source) {
    if (source.sizeBytes() < SECTOR) {
      return Optional.empty();
    }
    Volume volume = new Volume(source, "MBR");
    Bytes sector = volume.read(0, SECTOR, "boot record");
    if (sector.u16(510) != 0xAA55 || isFileSystem(sector)) {
      return Optional.empty();
    }
    List<Partition> found = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Bytes entry = sector.part(TABLE + ENTRY * i, ENTRY, "entry " + (i + 1));
      if ((entry.u8(0) & 0x7F) != 0) {
        return Optional.empty();
      }
      int type = entry.u8(4);
      long first = entry.u32(8) * SECTOR;
      long length = entry.u32(12) * SECTOR;
      if (type == 0 || length == 0) {
        continue;
      }
      if (first == 0 || first >= source.sizeBytes()) {
        return Optional.empty();
      }
      if (EXTENDED.contains(type)) {
        logical(volume, first, found);
      } else {
        found.add(partition(i + 1, first, length, type, source));
      }
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(found));
  }

  /** Windows and DOS put boot code and the same signature where a file system begins. */
  private static boolean isFileSystem(Bytes sector) {
    return sector.has(3, "NTFS    ")
        || sector.has(3, "EXFAT   ")
        || sector.has(54, "FAT1")
        || sector.has(82, "FAT32");
  }

  private static void logical(Volume volume, long start, List<Partition> found) {
    Set<Long> seen = new HashSet<>();
    long at = start;
    int number = 5;
    while (seen.add(at) && seen.size() <= MOST_LOGICAL) {
      Bytes record;
      try {
        record = volume.read(at, SECTOR, "extended boot record");
      } catch (SendenseException beyond) {
        // The partitions before the break in the chain are there all the same.
        return;
      }
      if (record.u16(510) != 0xAA55) {
        return;
      }
      long first = at + record.u32(TABLE + 8) * SECTOR;
      long length = record.u32(TABLE + 12) * SECTOR;
      int type = record.u8(TABLE + 4);
      if (type != 0 && length != 0 && first < volume.sizeBytes()) {
        found.add(partition(number, first, length, type, volume.source()));
        number++;
      }
      long link = record.u32(TABLE + ENTRY + 8) * SECTOR;
      if (record.u8(TABLE + ENTRY + 4) == 0 || link == 0) {
        return;
      }
      at = start + link;
    }
  }

  private static Partition partition(
      int number, long first, long length, int type, BlockSource source) {
    return new Partition(
        number,
        first,
        Math.min(length, source.sizeBytes() - first),
        String.format(Locale.ROOT, "MBR partition, type %02x", type));
  }
}
