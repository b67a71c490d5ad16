package io.sendense.recovery.machine;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The fixed IPv4 address of a guest and the length of its network's prefix: the isolated network is
 * laid around it, since a guest with a fixed address asks no DHCP server.
 */
public record GuestAddress(int address, int prefix) {
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");

  /**
   * Reads such as {@code 192.168.7.20/24}.
   *
   * @throws SendenseException BAD_ARGUMENT
   */
  public static GuestAddress parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      int value = 0;
      boolean bytes = true;
      for (int i = 1; i <= 4; i++) {
        int part = Integer.parseInt(matcher.group(i));
        bytes &= part <= 255;
        value = value << 8 | part;
      }
      int prefix = Integer.parseInt(matcher.group(5));
      if (bytes && prefix >= 8 && prefix <= 28) {
        GuestAddress made = new GuestAddress(value, prefix);
        int host = value & ~made.mask();
        if (host != 0 && host != ~made.mask()) {
          return made;
        }
      }
    }
    throw new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        "\"" + text + "\" is not an address with its network",
        "Give it as 192.168.7.20/24, with a prefix of 8 to 28.");
  }

  private int mask() {
    return -1 << (32 - prefix);
  }

  String text() {
    return text(address);
  }

  String network() {
    return text(address & mask()) + "/" + prefix;
  }

  /** An address of the network that is not the guest's, for the host's side of it. */
  String other(int which) {
    int free = (address & mask()) + which;
    return text(free == address ? free + 8 : free);
  }

  private static String text(int value) {
    return (value >>> 24)
        + "."
        + (value >>> 16 & 255)
        + "."
        + (value >>> 8 & 255)
        + "."
        + (value & 255);
  }
}
