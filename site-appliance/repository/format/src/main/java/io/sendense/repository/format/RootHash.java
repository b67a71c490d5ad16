package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.HexFormat;

/**
 * Proves every byte of a disk at a point, under the tenant's identity key: two disks of one tenant
 * have the same root hash exactly if they have the same size, chunk size and content. 64
 * characters, hexadecimal, lower case.
 */
public record RootHash(String hex) {
  public RootHash {
    if (hex.length() != 64 || !hex.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT, "a root hash has 64 hexadecimal digits", "");
    }
    hex = hex.toLowerCase(java.util.Locale.ROOT);
  }

  static RootHash of(byte[] bytes) {
    return new RootHash(HexFormat.of().formatHex(bytes));
  }

  byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
