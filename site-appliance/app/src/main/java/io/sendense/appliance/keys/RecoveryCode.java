package io.sendense.appliance.keys;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * 32 bytes as four lines that a person can copy from paper: each 16 characters of Crockford's
 * Base32 in groups of four, eight bytes and two bytes of check, so that a slip is found in its
 * line. Letters in either case; I and L are read as 1, O as 0; spaces and hyphens do not matter.
 */
public final class RecoveryCode {
  private static final int BYTES = 32;
  private static final int LINES = 4;
  private static final int LINE_BYTES = BYTES / LINES;
  private static final int CHECK_BYTES = 2;
  private static final int LINE_CHARS = (LINE_BYTES + CHECK_BYTES) * 8 / 5;
  private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  private RecoveryCode() {}

  /** The lines, such as {@code 3F0K-9Q2M-7T1C-XW4B}. */
  public static List<String> lines(byte[] secret) {
    if (secret.length != BYTES) {
      throw new IllegalArgumentException("a recovery code holds 32 bytes, got " + secret.length);
    }
    List<String> lines = new ArrayList<>();
    for (int line = 0; line < LINES; line++) {
      byte[] part = Arrays.copyOfRange(secret, line * LINE_BYTES, (line + 1) * LINE_BYTES);
      byte[] checked = Arrays.copyOf(part, LINE_BYTES + CHECK_BYTES);
      System.arraycopy(check(line, part), 0, checked, LINE_BYTES, CHECK_BYTES);
      String digits = encode(checked);
      lines.add(
          String.join(
              "-",
              digits.substring(0, 4),
              digits.substring(4, 8),
              digits.substring(8, 12),
              digits.substring(12)));
    }
    return lines;
  }

  /**
   * The bytes of a code as somebody typed it.
   *
   * @throws SendenseException BAD_ARGUMENT that says which line is wrong, never what it holds
   */
  public static byte[] parse(String typed) {
    String digits =
        typed
            .toUpperCase(Locale.ROOT)
            .replaceAll("[\\s-]", "")
            .replaceAll("[IL]", "1")
            .replace('O', '0');
    if (digits.length() != LINES * LINE_CHARS) {
      throw bad(
          "it has " + digits.length() + " characters instead of " + LINES * LINE_CHARS,
          "Type all four lines of the recovery sheet.");
    }
    byte[] secret = new byte[BYTES];
    for (int line = 0; line < LINES; line++) {
      byte[] checked = decode(line, digits.substring(line * LINE_CHARS, (line + 1) * LINE_CHARS));
      byte[] part = Arrays.copyOf(checked, LINE_BYTES);
      if (!Arrays.equals(
          check(line, part), Arrays.copyOfRange(checked, LINE_BYTES, checked.length))) {
        throw bad(
            "line " + (line + 1) + " has a slip", "Compare that line with the sheet once more.");
      }
      System.arraycopy(part, 0, secret, line * LINE_BYTES, LINE_BYTES);
    }
    return secret;
  }

  private static String encode(byte[] bytes) {
    StringBuilder digits = new StringBuilder();
    int bits = 0;
    int held = 0;
    for (byte b : bytes) {
      held = (held << 8) | (b & 0xff);
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        digits.append(ALPHABET.charAt((held >>> bits) & 31));
      }
    }
    return digits.toString();
  }

  private static byte[] decode(int line, String digits) {
    byte[] bytes = new byte[LINE_BYTES + CHECK_BYTES];
    int bits = 0;
    int held = 0;
    int at = 0;
    for (int i = 0; i < digits.length(); i++) {
      int value = ALPHABET.indexOf(digits.charAt(i));
      if (value < 0) {
        throw bad(
            "line " + (line + 1) + " holds a character that no code has",
            "A code has digits and letters without I, L, O and U.");
      }
      held = (held << 5) | value;
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        bytes[at++] = (byte) (held >>> bits);
      }
    }
    return bytes;
  }

  /** Two bytes over the line's number and content. Finds slips; it is no protection. */
  private static byte[] check(int line, byte[] part) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(("sendense recovery 1 " + line).getBytes(StandardCharsets.US_ASCII));
      return Arrays.copyOf(digest.digest(part), CHECK_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SendenseException bad(String what, String remedy) {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT, "the recovery code cannot be read: " + what, remedy);
  }
}
