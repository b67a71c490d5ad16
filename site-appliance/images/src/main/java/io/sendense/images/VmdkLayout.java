package io.sendense.images;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Where things stand in a streamOptimized VMDK and how they look, by VMware's Virtual Disk Format
 * 5.0. All integers are little-endian; places are counted in sectors of 512 bytes.
 */
final class VmdkLayout {
  static final int SECTOR = 512;
  static final int GRAIN = 64 << 10;
  static final int GRAINS_PER_TABLE = 512;
  static final int TABLE_BYTES = GRAINS_PER_TABLE * 4;
  static final int DESCRIPTOR_SECTORS = 20;
  static final int FIRST_GRAIN_SECTOR = GRAIN / SECTOR;
  static final int MARKER_GRAIN_BYTES = 12;
  static final int MARKER_END = 0;
  static final int MARKER_TABLE = 1;
  static final int MARKER_DIRECTORY = 2;
  static final int MARKER_FOOTER = 3;
  static final int MAGIC = 0x564d444b;
  static final long DIRECTORY_AT_END = -1;

  private static final int VERSION = 3;
  // Newline test valid, grains compressed, markers present.
  private static final int FLAGS = 0x30001;
  private static final short DEFLATE = 1;

  private VmdkLayout() {}

  static int tablesFor(long sizeBytes) {
    return Math.toIntExact(Math.ceilDiv(sizeBytes, (long) GRAIN * GRAINS_PER_TABLE));
  }

  /** Directory entries and grain entries count sectors in 32 bits. */
  static int entry(long at) {
    long sector = at / SECTOR;
    if (sector > 0xffff_ffffL) {
      throw new SendenseException(
          ErrorCode.LIMIT_REACHED,
          "the vmdk file would grow beyond 2 TiB, which the format cannot address",
          "Use another format, such as qcow2, vhdx or raw.");
    }
    return (int) sector;
  }

  static byte[] header(long sizeBytes, long directorySector) {
    ByteBuffer out = little(SECTOR);
    out.putInt(MAGIC).putInt(VERSION).putInt(FLAGS);
    out.putLong(sizeBytes / SECTOR).putLong(GRAIN / SECTOR);
    out.putLong(1).putLong(DESCRIPTOR_SECTORS);
    out.putInt(GRAINS_PER_TABLE);
    out.putLong(0).putLong(directorySector).putLong(FIRST_GRAIN_SECTOR);
    out.put((byte) 0);
    // A transfer that turns line ends would show here.
    out.put((byte) '\n').put((byte) ' ').put((byte) '\r').put((byte) '\n');
    out.putShort(DEFLATE);
    return ImageFile.content(out);
  }

  /**
   * @param name of the file, which nothing but people reads
   * @param contentId neither 0xffffffff nor 0xfffffffe, which mean none
   */
  static byte[] descriptor(long sizeBytes, String name, int contentId) {
    long sectors = sizeBytes / SECTOR;
    String text =
        """
        # Disk DescriptorFile
        version=1
        encoding="UTF-8"
        CID=%08x
        parentCID=ffffffff
        createType="streamOptimized"

        # Extent description
        RW %d SPARSE "%s"

        # The Disk Data Base
        #DDB

        ddb.virtualHWVersion = "4"
        ddb.geometry.cylinders = "%d"
        ddb.geometry.heads = "255"
        ddb.geometry.sectors = "63"
        ddb.adapterType = "lsilogic"
        """
            .formatted(
                contentId,
                sectors,
                name.replaceAll("[^A-Za-z0-9._-]", "_"),
                Math.min(sectors / (255 * 63), 65_535));
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer out = little(DESCRIPTOR_SECTORS * SECTOR);
    out.put(bytes, 0, Math.min(bytes.length, out.capacity()));
    return ImageFile.content(out);
  }

  static byte[] marker(long value, int type) {
    return ImageFile.content(little(SECTOR).putLong(value).putInt(0).putInt(type));
  }

  static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
