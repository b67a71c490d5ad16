package io.sendense.recovery.disk;

import io.sendense.recovery.block.BlockSource;
import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Volume;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The label of a physical volume and the metadata it keeps (on-disk structures of LVM2 as
 * libvslvm's "Logical Volume Manager (LVM) format" describes them).
 *
 * @param id 32 characters, without dashes
 * @param metadata newest text of each area; empty where the group keeps it on other volumes
 */
record LvmPhysical(String id, List<String> metadata) {
  private static final int SECTOR = 512;
  private static final int FIRST_SUM = 0xF597A6CF;
  private static final int REVERSED = 0xEDB88320;
  private static final int MOST_AREAS = 16;

  static Optional<LvmPhysical> read(BlockSource source) {
    Volume volume = new Volume(source, "LVM2");
    for (int sector = 0; sector < 4; sector++) {
      if ((sector + 1L) * SECTOR > source.sizeBytes()) {
        break;
      }
      Bytes label = volume.read((long) sector * SECTOR, SECTOR, "label");
      if (label.has(0, "LABELONE") && label.has(24, "LVM2 001")) {
        return Optional.of(physical(volume, label));
      }
    }
    return Optional.empty();
  }

  private static LvmPhysical physical(Volume volume, Bytes label) {
    if (sum(label.copy(20, SECTOR - 20)) != label.i32(16)) {
      throw label.damaged("its checksum does not match");
    }
    int at = (int) Math.min(label.u32(20), SECTOR);
    String id = label.text(at, 32);
    at = skip(label, at + 40);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < MOST_AREAS && label.i64(at) != 0; i++) {
      texts.addAll(area(volume, label.u63(at, "an area's offset")));
      at += 16;
    }
    return new LvmPhysical(id, List.copyOf(texts));
  }

  /** Past the list of data areas, which ends in a zero one. */
  private static int skip(Bytes label, int from) {
    int at = from;
    while (label.i64(at) != 0) {
      at += 16;
    }
    return at + 16;
  }

  private static List<String> area(Volume volume, long offset) {
    Bytes header = volume.read(offset, SECTOR, "metadata area");
    if (!header.has(4, " LVM2 x[5A%r0N*>")) {
      throw header.damaged("it has not the magic of one");
    }
    if (sum(header.copy(4, SECTOR - 4)) != header.i32(0)) {
      throw header.damaged("its checksum does not match");
    }
    long size = header.u63(32, "its size");
    long start = header.u63(40, "the text's offset");
    long length = header.u63(48, "the text's length");
    if (start == 0 || length == 0 || (header.i32(60) & 1) != 0) {
      return List.of();
    }
    if (start < SECTOR || start >= size || length > size - SECTOR) {
      throw header.damaged("a text of " + length + " bytes at " + start + " of " + size);
    }
    // The area behind its header is a ring.
    long first = Math.min(length, size - start);
    Bytes one = volume.read(offset + start, checked(header, first), "metadata");
    Bytes two = volume.read(offset + SECTOR, checked(header, length - first), "metadata");
    byte[] all = new byte[one.length() + two.length()];
    System.arraycopy(one.copy(0, one.length()), 0, all, 0, one.length());
    System.arraycopy(two.copy(0, two.length()), 0, all, one.length(), two.length());
    if (sum(all) != header.i32(56)) {
      throw one.damaged("its checksum does not match");
    }
    return List.of(new String(all, StandardCharsets.UTF_8));
  }

  private static int checked(Bytes header, long length) {
    if (length > 16 << 20) {
      throw header.damaged("a text of " + length + " bytes");
    }
    return (int) length;
  }

  private static int sum(byte[] bytes) {
    int value = FIRST_SUM;
    for (byte one : bytes) {
      value ^= one & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        value = (value & 1) != 0 ? value >>> 1 ^ REVERSED : value >>> 1;
      }
    }
    return value;
  }
}
