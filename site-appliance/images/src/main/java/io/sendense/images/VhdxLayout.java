package io.sendense.images;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Where things stand in a VHDX file and how they look, by [MS-VHDX]. All integers are
 * little-endian.
 *
 * @param blockBytes payload block: the smallest with at most 2^20 blocks, so that the table that
 *     finds them stays below 9 MiB
 */
record VhdxLayout(long sizeBytes, int blockBytes) {
  static final int MIB = 1 << 20;
  static final long HEADER_1_AT = 64 << 10;
  static final long HEADER_2_AT = 128 << 10;
  static final int HEADER_BYTES = 4 << 10;
  static final long REGIONS_1_AT = 192 << 10;
  static final long REGIONS_2_AT = 256 << 10;
  static final int REGIONS_BYTES = 64 << 10;
  static final long LOG_AT = MIB;
  static final long METADATA_AT = 2 * MIB;
  static final int METADATA_BYTES = MIB;
  static final long BAT_AT = 3 * MIB;
  static final int BLOCK_ZERO = 2;
  static final int BLOCK_PRESENT = 6;
  static final UUID BAT = UUID.fromString("2dc27766-f623-4200-9d64-115e9bfd4a08");
  static final UUID METADATA = UUID.fromString("8b7ca206-4790-4b9a-b8fe-575f050f886e");
  static final UUID FILE_PARAMETERS = UUID.fromString("caa16737-fa36-4d43-b3b6-33f0aa44e76b");
  static final UUID DISK_SIZE = UUID.fromString("2fa54224-cd1b-4876-b211-5dbed83bf4b8");
  static final UUID DISK_ID = UUID.fromString("beca12ab-b2e6-4523-93ef-c309e000c746");
  static final UUID LOGICAL_SECTOR = UUID.fromString("8141bf1d-a96f-4709-ba47-f233a8faab5f");
  static final UUID PHYSICAL_SECTOR = UUID.fromString("cda348c7-445d-4471-9cc9-e9885251c556");

  private static final int SECTOR = 512;
  private static final int BLOCKS_MAX = 1 << 20;
  private static final int ITEMS_AT = 64 << 10;
  private static final int OF_DISK = 2;
  private static final int REQUIRED = 4;

  static VhdxLayout of(long sizeBytes) {
    int block = MIB;
    while (Math.ceilDiv(sizeBytes, block) > BLOCKS_MAX) {
      block *= 2;
    }
    return new VhdxLayout(sizeBytes, block);
  }

  int blocks() {
    return Math.toIntExact(Math.ceilDiv(sizeBytes, blockBytes));
  }

  /** Every 4 GiB of blocks are followed by an entry for a bitmap, unused without a parent. */
  int entryOf(int block) {
    long chunkRatio = (1L << 23) * SECTOR / blockBytes;
    return block + (int) (block / chunkRatio);
  }

  int entries() {
    return entryOf(blocks() - 1) + 1;
  }

  int tableBytes() {
    return Math.ceilDiv(entries() * 8, MIB) * MIB;
  }

  long dataAt() {
    return BAT_AT + tableBytes();
  }

  static byte[] identifier() {
    byte[] creator = "Sendense".getBytes(StandardCharsets.UTF_16LE);
    return ImageFile.content(little(8 + 512).put(ascii("vhdxfile")).put(creator));
  }

  /**
   * @param sequence of the two headers the higher one counts
   */
  static byte[] header(long sequence, UUID fileWrite, UUID dataWrite) {
    ByteBuffer out = little(HEADER_BYTES);
    out.put(ascii("head")).putInt(0).putLong(sequence);
    putGuid(out, fileWrite);
    putGuid(out, dataWrite);
    // No log id: the log is empty and nothing is to be replayed.
    out.putLong(0).putLong(0);
    out.putShort((short) 0).putShort((short) 1).putInt(MIB).putLong(LOG_AT);
    return sealed(out);
  }

  byte[] regions() {
    ByteBuffer out = little(REGIONS_BYTES);
    out.put(ascii("regi")).putInt(0).putInt(2).putInt(0);
    putGuid(out, BAT);
    out.putLong(BAT_AT).putInt(tableBytes()).putInt(1);
    putGuid(out, METADATA);
    out.putLong(METADATA_AT).putInt(METADATA_BYTES).putInt(1);
    return sealed(out);
  }

  /** The table of metadata and its items, as far as they reach. */
  byte[] metadata(UUID diskId) {
    ByteBuffer out = little(ITEMS_AT + 40);
    out.put(ascii("metadata")).putShort((short) 0).putShort((short) 5).position(32);
    putItem(out, FILE_PARAMETERS, 0, 8, REQUIRED);
    putItem(out, DISK_SIZE, 8, 8, REQUIRED | OF_DISK);
    putItem(out, DISK_ID, 16, 16, REQUIRED | OF_DISK);
    putItem(out, LOGICAL_SECTOR, 32, 4, REQUIRED | OF_DISK);
    putItem(out, PHYSICAL_SECTOR, 36, 4, REQUIRED | OF_DISK);
    out.position(ITEMS_AT);
    out.putInt(blockBytes).putInt(0).putLong(sizeBytes);
    putGuid(out, diskId);
    out.putInt(SECTOR).putInt(4096);
    return ImageFile.content(out);
  }

  private static void putItem(ByteBuffer out, UUID id, int at, int length, int flags) {
    putGuid(out, id);
    out.putInt(ITEMS_AT + at).putInt(length).putInt(flags).putInt(0);
  }

  /** Microsoft's byte order: the first three fields turned, the rest as they are. */
  static void putGuid(ByteBuffer out, UUID id) {
    long high = id.getMostSignificantBits();
    out.putInt((int) (high >>> 32)).putShort((short) (high >>> 16)).putShort((short) high);
    out.putLong(Long.reverseBytes(id.getLeastSignificantBits()));
  }

  static UUID guid(ByteBuffer in) {
    long high = Integer.toUnsignedLong(in.getInt()) << 32;
    high |= Short.toUnsignedLong(in.getShort()) << 16;
    high |= Short.toUnsignedLong(in.getShort());
    return new UUID(high, Long.reverseBytes(in.getLong()));
  }

  /** CRC-32C over the whole structure, its own four bytes at offset 4 taken as zeros. */
  private static byte[] sealed(ByteBuffer out) {
    out.putInt(4, checksum(ImageFile.content(out)));
    return ImageFile.content(out);
  }

  static int checksum(byte[] structure) {
    byte[] copy = structure.clone();
    java.util.Arrays.fill(copy, 4, 8, (byte) 0);
    CRC32C crc = new CRC32C();
    crc.update(copy);
    return (int) crc.getValue();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
