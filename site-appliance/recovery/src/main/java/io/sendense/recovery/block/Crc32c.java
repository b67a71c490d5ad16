package io.sendense.recovery.block;

/**
 * CRC-32C (Castagnoli) with the running value in the caller's hands, as file systems seed it; the
 * JDK's starts and ends as it likes.
 */
public final class Crc32c {
  private static final int REVERSED = 0x82F63B78;
  private static final int[] TABLE = new int[256];

  static {
    for (int i = 0; i < 256; i++) {
      int value = i;
      for (int bit = 0; bit < 8; bit++) {
        value = (value & 1) != 0 ? value >>> 1 ^ REVERSED : value >>> 1;
      }
      TABLE[i] = value;
    }
  }

  private Crc32c() {}

  /** The register after these bytes; nothing is inverted before or after. */
  public static int update(int register, byte[] bytes, int from, int count) {
    int value = register;
    for (int i = from; i < from + count; i++) {
      value = value >>> 8 ^ TABLE[(value ^ bytes[i]) & 0xFF];
    }
    return value;
  }

  public static int update(int register, byte... bytes) {
    return update(register, bytes, 0, bytes.length);
  }
}
