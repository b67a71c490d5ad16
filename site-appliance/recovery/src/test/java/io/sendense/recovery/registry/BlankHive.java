package io.sendense.recovery.registry;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A hive with a root and nothing in it, which hivex can fill and cannot make. */
public final class BlankHive {
  private BlankHive() {}

  /**
   * @param minor the minor version: 3 and 5 are the ones that Windows uses
   */
  public static byte[] bytes(int minor) {
    ByteBuffer hive = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);
    hive.put(0, "regf".getBytes(StandardCharsets.US_ASCII));
    hive.putInt(4, 1).putInt(8, 1);
    hive.putInt(20, 1).putInt(24, minor).putInt(32, 1).putInt(36, 0x20).putInt(40, 4096);
    hive.putInt(44, 1);
    int bin = 4096;
    hive.put(bin, "hbin".getBytes(StandardCharsets.US_ASCII));
    hive.putInt(bin + 8, 4096);
    int key = bin + 0x20;
    hive.putInt(key, -0x60);
    hive.put(key + 4, "nk".getBytes(StandardCharsets.US_ASCII));
    hive.putShort(key + 6, (short) 0x2C);
    hive.putInt(key + 4 + 28, -1).putInt(key + 4 + 32, -1);
    hive.putInt(key + 4 + 40, -1).putInt(key + 4 + 44, 0x80).putInt(key + 4 + 48, -1);
    hive.putShort(key + 4 + 72, (short) 4);
    hive.put(key + 4 + 76, "ROOT".getBytes(StandardCharsets.US_ASCII));
    int security = bin + 0x80;
    hive.putInt(security, -0x30);
    hive.put(security + 4, "sk".getBytes(StandardCharsets.US_ASCII));
    hive.putInt(security + 8, 0x80).putInt(security + 12, 0x80).putInt(security + 16, 1);
    hive.putInt(security + 20, 20);
    hive.put(security + 24, new byte[] {1, 0, 0, (byte) 0x80});
    int free = bin + 0xB0;
    hive.putInt(free, 4096 - 0xB0);
    int sum = 0;
    for (int at = 0; at < 508; at += 4) {
      sum ^= hive.getInt(at);
    }
    hive.putInt(508, sum);
    return hive.array();
  }
}
