package io.sendense.recovery.ntfs;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Volume;

/** The boot sector ("Volume header") and what follows from it. */
final class NtfsVolume {
  private final Volume volume;
  private final Bytes boot;
  private final int clusterBytes;
  private final int recordBytes;
  private final long clusters;

  NtfsVolume(Volume volume) {
    this.volume = volume;
    boot = volume.read(0, 512, "boot sector");
    int sector = boot.u16(11);
    int perCluster = boot.u8(13);
    // Beyond 128 sectors it is a negative power of two.
    long cluster =
        perCluster > 128 ? sector * (1L << (256 - perCluster)) : (long) sector * perCluster;
    if (!boot.has(3, "NTFS    ")
        || sector < 256
        || sector > 4096
        || Integer.bitCount(sector) != 1
        || (perCluster > 128 && perCluster < 244)
        || cluster < 512
        || cluster > 2 << 20
        || Long.bitCount(cluster) != 1) {
      throw boot.damaged("sectors of " + sector + " bytes, clusters of " + cluster);
    }
    clusterBytes = (int) cluster;
    int record = (byte) boot.u8(0x40);
    recordBytes = record > 0 ? record * clusterBytes : 1 << Math.min(30, -record);
    if (recordBytes < 512 || recordBytes > 65_536 || Integer.bitCount(recordBytes) != 1) {
      throw boot.damaged("file records of " + recordBytes + " bytes");
    }
    clusters = volume.sizeBytes() / clusterBytes;
    if (mftCluster() < 0 || mftCluster() >= clusters) {
      throw boot.damaged("its file table lies at cluster " + mftCluster());
    }
  }

  static boolean isThere(Volume volume) {
    Bytes boot = volume.read(0, 512, "boot sector");
    return boot.has(3, "NTFS    ") && boot.u16(510) == 0xAA55;
  }

  Volume volume() {
    return volume;
  }

  int clusterBytes() {
    return clusterBytes;
  }

  int recordBytes() {
    return recordBytes;
  }

  long clusters() {
    return clusters;
  }

  long mftCluster() {
    return boot.i64(0x30);
  }

  String serial() {
    return String.format("%016X", boot.i64(0x48));
  }

  /**
   * A record whose sectors each end in a number that is replaced by what it stands for ("Fix-up
   * values"): a record that was only half written shows.
   */
  Bytes fixed(byte[] raw, String magic, String what, long offset) {
    Bytes bytes = Bytes.of(raw, "NTFS", what, offset);
    if (!bytes.has(0, magic)) {
      throw bytes.damaged("its magic is not " + magic);
    }
    int values = bytes.u16(4);
    int count = bytes.u16(6);
    int sectors = raw.length / 512;
    if (count - 1 < sectors || values + 2 * count > 512) {
      throw bytes.damaged("it has " + count + " fix-up values");
    }
    for (int i = 1; i <= sectors; i++) {
      int end = i * 512 - 2;
      if (bytes.u16(end) != bytes.u16(values)) {
        throw bytes.damaged("it was written only in part: sector " + (i - 1) + " is another one's");
      }
      raw[end] = raw[values + 2 * i];
      raw[end + 1] = raw[values + 2 * i + 1];
    }
    return bytes;
  }
}
