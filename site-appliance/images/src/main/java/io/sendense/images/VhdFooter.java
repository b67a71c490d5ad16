package io.sendense.images;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * The footer of a fixed VHD, as Microsoft's Virtual Hard Disk Image Format Specification of 2006
 * describes it. The file is the raw disk and then these 512 bytes.
 */
public final class VhdFooter {
  public static final int BYTES = 512;

  // 2000-01-01T00:00:00Z, from which VHD counts seconds.
  private static final long EPOCH_SECONDS = 946_684_800L;
  private static final int FIXED = 2;
  private static final int CHECKSUM_AT = 64;

  private VhdFooter() {}

  /**
   * @param imageBytes as {@link ImageFormat#imageBytes} gives it
   */
  public static byte[] of(long imageBytes, Instant created, UUID id) {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    out.put(ascii("conectix"));
    // Features: none but the reserved bit, which is always set. Version 1.0 of the format.
    out.putInt(2).putInt(0x0001_0000);
    out.putLong(-1L);
    out.putInt((int) Math.max(0, created.getEpochSecond() - EPOCH_SECONDS));
    // Readers choose by these names whether the size or the geometry below counts; with Hyper-V's
    // own it is the size, so that no disk is cut to whole cylinders.
    out.put(ascii("win ")).putInt(0x000a_0000).put(ascii("Wi2k"));
    out.putLong(imageBytes).putLong(imageBytes);
    putGeometry(out, imageBytes / 512);
    out.putInt(FIXED).putInt(0);
    out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    int sum = 0;
    for (byte value : out.array()) {
      sum += value & 0xff;
    }
    out.putInt(CHECKSUM_AT, ~sum);
    return out.array();
  }

  /** The specification's appendix, "CHS Calculation". */
  private static void putGeometry(ByteBuffer out, long sectors) {
    long total = Math.min(sectors, 65535L * 16 * 255);
    int sectorsPerTrack;
    int heads;
    long cylinderTimesHeads;
    if (total >= 65535L * 16 * 63) {
      sectorsPerTrack = 255;
      heads = 16;
      cylinderTimesHeads = total / sectorsPerTrack;
    } else {
      sectorsPerTrack = 17;
      cylinderTimesHeads = total / sectorsPerTrack;
      heads = (int) Math.max(4, (cylinderTimesHeads + 1023) / 1024);
      if (cylinderTimesHeads >= heads * 1024L || heads > 16) {
        sectorsPerTrack = 31;
        heads = 16;
        cylinderTimesHeads = total / sectorsPerTrack;
      }
      if (cylinderTimesHeads >= heads * 1024L) {
        sectorsPerTrack = 63;
        heads = 16;
        cylinderTimesHeads = total / sectorsPerTrack;
      }
    }
    out.putShort((short) (cylinderTimesHeads / heads))
        .put((byte) heads)
        .put((byte) sectorsPerTrack);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
