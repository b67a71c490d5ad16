package io.sendense.recovery.fs;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One component of a path, as bytes: most file systems of Linux ask nothing more of a name. */
public final class GuestName {
  private final byte[] bytes;

  private GuestName(byte[] bytes) {
    this.bytes = bytes;
  }

  public static GuestName of(byte... bytes) {
    return new GuestName(bytes.clone());
  }

  public static GuestName of(String text) {
    return new GuestName(text.getBytes(StandardCharsets.UTF_8));
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  /** Whether it is "." or "..". */
  public boolean dots() {
    return bytes.length > 0
        && bytes.length <= 2
        && bytes[0] == '.'
        && bytes[bytes.length - 1] == '.';
  }

  /** Whether a file of this name could be made in a folder without leading out of it. */
  public boolean safe() {
    if (bytes.length == 0 || dots()) {
      return false;
    }
    for (byte one : bytes) {
      if (one == 0 || one == '/') {
        return false;
      }
    }
    return true;
  }

  /** Whether the bytes are the text's and nothing had to be escaped. */
  public boolean isText() {
    try {
      return text(bytes).indexOf('\0') < 0;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /**
   * As text. Where the bytes are not UTF-8, each that is not ASCII is written as \xNN; control
   * characters always are, so that a name cannot steer a terminal.
   */
  @Override
  public String toString() {
    String text;
    try {
      text = text(bytes);
    } catch (CharacterCodingException e) {
      StringBuilder escaped = new StringBuilder();
      for (byte one : bytes) {
        if (one < 0) {
          escaped.append(String.format("\\x%02x", one & 0xFF));
        } else {
          escaped.append((char) one);
        }
      }
      text = escaped.toString();
    }
    if (text.chars().noneMatch(Character::isISOControl)) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    text.chars()
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
                shown.append(String.format("\\x%02x", c));
              } else {
                shown.append((char) c);
              }
            });
    return shown.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GuestName name && Arrays.equals(bytes, name.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  private static String text(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT)
        .decode(ByteBuffer.wrap(bytes))
        .toString();
  }
}
