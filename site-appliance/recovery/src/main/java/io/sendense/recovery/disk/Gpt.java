package io.sendense.recovery.disk;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.block.BlockSource;
import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Volume;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A GUID partition table (UEFI Specification 2.10, section 5.3), from its first header or, where
 * that is damaged, from the backup at the end of the disk.
 */
final class Gpt {
  private static final int HEADER = 92;
  private static final int MOST_ENTRIES = 4096;
  private static final int MOST_ENTRY_BYTES = 4096;

  private Gpt() {}

  /** The partitions; empty where there is no table, or neither copy of it is sound. */
  static Optional<List<Partition>> read(BlockSource source) {
    for (int sector : new int[] {512, 4096}) {
      long last = source.sizeBytes() / sector - 1;
      for (long lba : new long[] {1, last}) {
        if (lba < 1 || lba > last) {
          continue;
        }
        try {
          Optional<List<Partition>> found = table(new Volume(source, "GPT"), lba, sector);
          if (found.isPresent()) {
            return found;
          }
        } catch (SendenseException damaged) {
          // The other copy may be sound; if none is, the MBR's protective entry tells of a lost
          // one.
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<List<Partition>> table(Volume volume, long lba, int sector) {
    Bytes header = volume.read(lba * sector, sector, "header");
    if (!header.has(0, "EFI PART")) {
      return Optional.empty();
    }
    long length = header.u32(0xC);
    if (length < HEADER || length > sector || header.i64(0x18) != lba) {
      throw header.damaged("it has " + length + " bytes and says it lies at " + header.i64(0x18));
    }
    byte[] summed = header.copy(0, (int) length);
    summed[16] = summed[17] = summed[18] = summed[19] = 0;
    if (crc(summed) != header.u32(0x10)) {
      throw header.damaged("its checksum does not match");
    }
    long count = header.u32(0x50);
    long entryBytes = header.u32(0x54);
    if (count > MOST_ENTRIES || entryBytes < 128 || entryBytes > MOST_ENTRY_BYTES) {
      throw header.damaged("it has " + count + " entries of " + entryBytes + " bytes");
    }
    Bytes entries =
        volume.read(bytes(header, header.i64(0x48), sector), (int) (count * entryBytes), "entries");
    if (crc(entries.copy(0, entries.length())) != header.u32(0x58)) {
      throw entries.damaged("their checksum does not match");
    }
    List<Partition> found = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Bytes entry = entries.part((int) (i * entryBytes), (int) entryBytes, "entry " + (i + 1));
      if (!entry.zero(0, 16)) {
        partition(entry, i + 1, sector, volume.sizeBytes()).ifPresent(found::add);
      }
    }
    return Optional.of(List.copyOf(found));
  }

  private static Optional<Partition> partition(Bytes entry, int number, int sector, long size) {
    long first = entry.i64(32);
    long last = entry.i64(40);
    if (first < 1 || last < first || last >= size / sector) {
      // A disk that was made smaller keeps the others.
      return Optional.empty();
    }
    String name = new String(entry.copy(56, 72), StandardCharsets.UTF_16LE);
    int end = name.indexOf('\0');
    String shown = (end < 0 ? name : name.substring(0, end)).replaceAll("\\p{Cntrl}", "?");
    return Optional.of(
        new Partition(
            number,
            first * sector,
            (last - first + 1) * sector,
            shown.isBlank() ? "GPT partition" : "GPT partition, " + shown));
  }

  private static long bytes(Bytes header, long lba, int sector) {
    if (lba < 1 || lba > Long.MAX_VALUE / sector) {
      throw header.damaged("the entries lie at sector " + lba);
    }
    return lba * sector;
  }

  private static long crc(byte[] bytes) {
    CRC32 sum = new CRC32();
    sum.update(bytes);
    return sum.getValue();
  }
}
