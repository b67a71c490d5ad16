package io.sendense.recovery.btrfs;

import io.sendense.recovery.block.Volume;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;

/** The kinds of checksum that a file system can have been made with. */
enum Sum {
  CRC32C(4),
  XXHASH64(8),
  SHA256(32),
  BLAKE2B(32);

  private final int bytes;

  Sum(int bytes) {
    this.bytes = bytes;
  }

  static Sum of(Volume volume, int type) {
    if (type >= values().length) {
      throw volume.unsupported("checksums of kind " + type + " are not known here");
    }
    return values()[type];
  }

  /** How many bytes of a sum are kept. */
  int bytes() {
    return bytes;
  }

  byte[] over(byte[] array, int from, int count) {
    return switch (this) {
      case CRC32C -> {
        CRC32C sum = new CRC32C();
        sum.update(array, from, count);
        yield little(sum.getValue(), 4);
      }
      case XXHASH64 -> little(XxHash64.over(array, from, count), 8);
      case SHA256 -> sha256(array, from, count);
      case BLAKE2B -> Blake2b.over(array, from, count);
    };
  }

  private static byte[] sha256(byte[] array, int from, int count) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(array, from, count);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] little(long value, int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (value >>> (8 * i));
    }
    return bytes;
  }
}
