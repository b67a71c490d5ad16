package io.sendense.images;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The header of a qcow2 file, version 3, as docs/interop/qcow2.txt of QEMU describes it.
 *
 * @param backing name of the backing file, relative to this one's folder; it is a qcow2 file too,
 *     or an NBD export, which is raw
 * @param zstd whether compressed clusters are zstd frames
 */
record Qcow2Header(
    long sizeBytes,
    int clusterBits,
    Optional<String> backing,
    boolean zstd,
    long l1Offset,
    int l1Entries,
    long refcountTableOffset,
    int refcountTableClusters) {
  static final int CLUSTER_BITS = 16;
  static final int CLUSTER = 1 << CLUSTER_BITS;
  static final long OFFSET_MASK = 0x00ff_ffff_ffff_fe00L;
  static final long COPIED = 1L << 63;
  static final long COMPRESSED = 1L << 62;
  static final long ZERO = 1;

  /** Of a compressed entry: below it the host offset, above it the further sectors. */
  static final int SECTORS_SHIFT = 62 - (CLUSTER_BITS - 8);

  private static final int MAGIC = 0x514649fb;
  private static final int LENGTH = 112;
  private static final int REFCOUNT_ORDER = 4;
  private static final long INCOMPATIBLE_ZSTD = 1 << 3;
  private static final int EXTENSION_BACKING_FORMAT = 0xe2792aca;
  // QEMU's own bounds: 1023 bytes of name, 32 MiB of first-level table.
  private static final int BACKING_BYTES_MAX = 1023;
  private static final int L1_ENTRIES_MAX = 4 << 20;

  static int l1EntriesFor(long sizeBytes, int clusterBits) {
    long bytesPerEntry = 1L << (2 * clusterBits - 3);
    return Math.toIntExact(Math.max(1, Math.ceilDiv(sizeBytes, bytesPerEntry)));
  }

  byte[] encode() {
    byte[] name = backing.orElse("").getBytes(StandardCharsets.UTF_8);
    if (name.length > BACKING_BYTES_MAX) {
      throw new IllegalArgumentException("a backing file's name has at most 1023 bytes");
    }
    int nameOffset = LENGTH + (backing.isPresent() ? 16 : 0) + 8;
    ByteBuffer out = ByteBuffer.allocate(nameOffset + name.length);
    out.putInt(MAGIC).putInt(3);
    out.putLong(backing.isPresent() ? nameOffset : 0).putInt(name.length);
    out.putInt(clusterBits).putLong(sizeBytes).putInt(0);
    out.putInt(l1Entries).putLong(l1Offset);
    out.putLong(refcountTableOffset).putInt(refcountTableClusters);
    out.putInt(0).putLong(0);
    out.putLong(zstd ? INCOMPATIBLE_ZSTD : 0).putLong(0).putLong(0);
    out.putInt(REFCOUNT_ORDER).putInt(LENGTH);
    out.put((byte) (zstd ? 1 : 0)).position(LENGTH);
    if (backing.isPresent()) {
      String format = backing.get().startsWith("nbd+unix:") ? "raw" : "qcow2";
      out.putInt(EXTENSION_BACKING_FORMAT).putInt(format.length());
      out.put(ascii(format)).position(LENGTH + 16);
    }
    out.putLong(0).put(name);
    return out.array();
  }

  static Qcow2Header read(ImageFile file) throws ImageDamage, java.io.IOException {
    ByteBuffer in = file.read(0, 104, ByteOrder.BIG_ENDIAN);
    check(in.getInt() == MAGIC, "it does not begin like a qcow2 file");
    check(in.getInt() == 3, "it is not of qcow2 version 3");
    long nameOffset = in.getLong();
    int nameLength = in.getInt();
    int clusterBits = in.getInt();
    long size = in.getLong();
    check(in.getInt() == 0, "it is encrypted");
    int l1Entries = in.getInt();
    long l1Offset = in.getLong();
    long refcountTable = in.getLong();
    int refcountClusters = in.getInt();
    in.position(72);
    long incompatible = in.getLong();
    check((incompatible & 1) == 0, "it was not closed by who wrote it");
    check((incompatible & ~INCOMPATIBLE_ZSTD) == 0, "it has features that are not read here");
    check(clusterBits >= 9 && clusterBits <= 21, "its cluster size is impossible");
    check(size >= 0 && l1Entries >= 0 && l1Entries <= L1_ENTRIES_MAX, "its size is impossible");
    check(
        l1Entries >= l1EntriesFor(size, clusterBits) || size == 0,
        "its first-level table is too short for its size");
    check(
        nameLength >= 0 && nameLength <= BACKING_BYTES_MAX, "its backing file has no proper name");
    Optional<String> backing = Optional.empty();
    if (nameOffset != 0 && nameLength > 0) {
      check(
          nameOffset > 0 && nameOffset <= (1L << clusterBits) - nameLength, "its name is outside");
      ByteBuffer name = file.read(nameOffset, nameLength, ByteOrder.BIG_ENDIAN);
      backing = Optional.of(StandardCharsets.UTF_8.decode(name).toString());
    }
    return new Qcow2Header(
        size,
        clusterBits,
        backing,
        (incompatible & INCOMPATIBLE_ZSTD) != 0,
        l1Offset,
        l1Entries,
        refcountTable,
        refcountClusters);
  }

  private static void check(boolean holds, String what) throws ImageDamage {
    if (!holds) {
      throw new ImageDamage(what);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
