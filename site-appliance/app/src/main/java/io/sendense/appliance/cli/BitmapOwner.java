package io.sendense.appliance.cli;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The chain of points that a machine's dirty bitmaps belong to. The command line and the daemon
 * must name the same one for the same machine and repository, or each would lose the other's
 * baseline.
 */
public final class BitmapOwner {
  private BitmapOwner() {}

  /**
   * @param location of the repository
   * @param vm name of the machine
   * @return 16 hexadecimal digits
   */
  public static String of(String location, String vm) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((location + "\n" + vm).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
