package io.sendense.recovery.registry;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a name of a key stands for.
 *
 * @param type one of Windows's own numbers
 * @param data as it is in the hive
 */
@SuppressWarnings("ArrayRecordComponent") // made once, never changed and never compared by value
public record Value(int type, byte[] data) {
  public static final int TEXT = 1;
  public static final int EXPANDED = 2;
  public static final int BINARY = 3;
  public static final int NUMBER = 4;
  public static final int TEXTS = 7;

  public static Value text(String text) {
    return new Value(TEXT, utf16(text + "\0"));
  }

  /** Text in which %NAMES% are replaced where it is used. */
  public static Value expanded(String text) {
    return new Value(EXPANDED, utf16(text + "\0"));
  }

  public static Value texts(List<String> texts) {
    return new Value(TEXTS, utf16(String.join("\0", texts) + "\0\0"));
  }

  public static Value number(int number) {
    return new Value(
        NUMBER,
        new byte[] {
          (byte) number, (byte) (number >> 8), (byte) (number >> 16), (byte) (number >> 24)
        });
  }

  public static Value binary(byte... data) {
    return new Value(BINARY, data);
  }

  /** Text, of whatever type, up to its first zero. */
  public String asText() {
    String text = new String(data, 0, data.length / 2 * 2, StandardCharsets.UTF_16LE);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  /** A number of 32 bits; -1 where it is none. */
  public int asNumber() {
    return type != NUMBER || data.length != 4
        ? -1
        : (data[0] & 0xFF)
            | (data[1] & 0xFF) << 8
            | (data[2] & 0xFF) << 16
            | (data[3] & 0xFF) << 24;
  }

  private static byte[] utf16(String text) {
    return text.getBytes(StandardCharsets.UTF_16LE);
  }
}
