package io.sendense.recovery.block;

import io.sendense.domain.SendenseException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A structure that was read from a guest. Every access is checked, and one beyond the end says
 * which structure it was and where it lies.
 */
public final class Bytes {
  private final byte[] array;
  private final int from;
  private final int length;
  private final boolean big;
  private final String format;
  private final String structure;
  private final long offset;

  private Bytes(
      byte[] array,
      int from,
      int length,
      boolean big,
      String format,
      String structure,
      long offset) {
    this.array = array;
    this.from = from;
    this.length = length;
    this.big = big;
    this.format = format;
    this.structure = structure;
    this.offset = offset;
  }

  /**
   * A whole array, little-endian.
   *
   * @param offset of its first byte in the volume
   */
  public static Bytes of(byte[] array, String format, String structure, long offset) {
    return new Bytes(array, 0, array.length, false, format, structure, offset);
  }

  public Bytes bigEndian() {
    return new Bytes(array, from, length, true, format, structure, offset);
  }

  public int length() {
    return length;
  }

  /** Of the first byte, in the volume. */
  public long offset() {
    return offset;
  }

  public int u8(int at) {
    return array[check(at, 1)] & 0xFF;
  }

  public int u16(int at) {
    int i = check(at, 2);
    int one = array[i] & 0xFF;
    int two = array[i + 1] & 0xFF;
    return big ? one << 8 | two : two << 8 | one;
  }

  public int i32(int at) {
    int i = check(at, 4);
    int value =
        (array[i] & 0xFF)
            | (array[i + 1] & 0xFF) << 8
            | (array[i + 2] & 0xFF) << 16
            | (array[i + 3] & 0xFF) << 24;
    return big ? Integer.reverseBytes(value) : value;
  }

  public long u32(int at) {
    return i32(at) & 0xFFFF_FFFFL;
  }

  public long i64(int at) {
    int i = check(at, 8);
    long value = 0;
    for (int k = 7; k >= 0; k--) {
      value = (value << 8) | (array[i + k] & 0xFF);
    }
    return big ? Long.reverseBytes(value) : value;
  }

  /** A 64-bit count or offset, which no sound volume has beyond 2^63. */
  public long u63(int at, String what) {
    long value = i64(at);
    if (value < 0) {
      throw damaged(what + " is " + Long.toUnsignedString(value));
    }
    return value;
  }

  public byte[] copy(int at, int count) {
    int i = check(at, count);
    return Arrays.copyOfRange(array, i, i + count);
  }

  /** A part as a structure of its own. */
  public Bytes part(int at, int count, String name) {
    return new Bytes(array, check(at, count), count, big, format, name, offset + at);
  }

  public void put(int at, int count, ByteBuffer target) {
    target.put(array, check(at, count), count);
  }

  public boolean zero(int at, int count) {
    int i = check(at, count);
    for (int k = 0; k < count; k++) {
      if (array[i + k] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Latin text up to its first zero. */
  public String text(int at, int most) {
    int i = check(at, most);
    StringBuilder text = new StringBuilder();
    for (int k = 0; k < most && array[i + k] != 0; k++) {
      text.append((char) (array[i + k] & 0xFF));
    }
    return text.toString();
  }

  public boolean has(int at, String latin) {
    if (at < 0 || latin.length() > length - at) {
      return false;
    }
    for (int k = 0; k < latin.length(); k++) {
      if ((array[from + at + k] & 0xFF) != latin.charAt(k)) {
        return false;
      }
    }
    return true;
  }

  /** For checksums: a sum over a part, continued. */
  public int crc32c(int sum, int at, int count) {
    return Crc32c.update(sum, array, check(at, count), count);
  }

  public SendenseException damaged(String what) {
    return Guest.damaged(format, structure, offset, what);
  }

  private int check(int at, int count) {
    if (at < 0 || count < 0 || count > length || at > length - count) {
      throw Guest.damaged(
          format,
          structure,
          offset,
          count + " bytes at " + at + " do not fit into its " + length + " bytes");
    }
    return from + at;
  }
}
