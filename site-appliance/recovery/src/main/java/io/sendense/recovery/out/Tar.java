package io.sendense.recovery.out;

import io.sendense.recovery.fs.Attributes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Blocks and records of a tar (POSIX.1-2017, pax, "ustar Interchange Format" and "pax Header"). */
final class Tar {
  static final int BLOCK = 512;
  private static final long MOST_OCTAL_11 = 077777777777L;
  private static final long MOST_OCTAL_7 = 07777777L;

  private Tar() {}

  /**
   * A header; numbers that do not fit are 0 in it and are told in a pax record.
   *
   * @param link what it points to; empty where it does not
   */
  static byte[] header(byte[] name, byte[] link, char type, long size, Attributes attributes) {
    byte[] block = new byte[BLOCK];
    put(block, 0, 100, name);
    octal(block, 100, 8, attributes.mode());
    octal(block, 108, 8, attributes.uid() > MOST_OCTAL_7 ? 0 : attributes.uid());
    octal(block, 116, 8, attributes.gid() > MOST_OCTAL_7 ? 0 : attributes.gid());
    octal(block, 124, 12, size > MOST_OCTAL_11 ? 0 : size);
    long seconds = attributes.modified().getEpochSecond();
    octal(block, 136, 12, seconds >= 0 && seconds <= MOST_OCTAL_11 ? seconds : 0);
    Arrays.fill(block, 148, 156, (byte) ' ');
    block[156] = (byte) type;
    put(block, 157, 100, link);
    put(block, 257, 8, "ustar\00000".getBytes(StandardCharsets.US_ASCII));
    octal(block, 329, 8, attributes.major() & MOST_OCTAL_7);
    octal(block, 337, 8, attributes.minor() & MOST_OCTAL_7);
    int sum = 0;
    for (byte one : block) {
      sum += one & 0xFF;
    }
    octal(block, 148, 7, sum);
    return block;
  }

  static boolean fits(byte[] text) {
    if (text.length > 100) {
      return false;
    }
    for (byte one : text) {
      if (one < 0x20 || one == 0x7F) {
        return false;
      }
    }
    return true;
  }

  static boolean fitsSize(long size) {
    return size <= MOST_OCTAL_11;
  }

  static boolean fitsId(long id) {
    return id <= MOST_OCTAL_7;
  }

  /** "LENGTH key=value\n", where the length counts itself. */
  static void record(ByteArrayOutputStream to, String key, byte[] value) {
    byte[] name = key.getBytes(StandardCharsets.UTF_8);
    int rest = name.length + value.length + 3;
    int length = rest + String.valueOf(rest).length();
    length = rest + String.valueOf(length).length();
    to.writeBytes((length + " ").getBytes(StandardCharsets.US_ASCII));
    to.writeBytes(name);
    to.write('=');
    to.writeBytes(value);
    to.write('\n');
  }

  /** An ACL as Linux keeps it in the text that tar programs write. */
  static String acl(byte[] value) {
    ByteBuffer acl = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    StringBuilder text = new StringBuilder();
    for (acl.position(Math.min(4, value.length)); acl.remaining() >= 8; ) {
      int tag = acl.getShort();
      int bits = acl.getShort();
      long id = acl.getInt() & 0xFFFF_FFFFL;
      String who =
          switch (tag) {
            case 1 -> "user::";
            case 2 -> "user:" + id + ":";
            case 4 -> "group::";
            case 8 -> "group:" + id + ":";
            case 0x10 -> "mask::";
            default -> "other::";
          };
      text.append(text.isEmpty() ? "" : ",").append(who);
      text.append((bits & 4) != 0 ? 'r' : '-').append((bits & 2) != 0 ? 'w' : '-');
      text.append((bits & 1) != 0 ? 'x' : '-');
    }
    return text.toString();
  }

  private static void put(byte[] block, int at, int most, byte[] value) {
    System.arraycopy(value, 0, block, at, Math.min(most, value.length));
  }

  private static void octal(byte[] block, int at, int width, long value) {
    String text = String.format(Locale.ROOT, "%0" + (width - 1) + "o", value);
    put(block, at, width - 1, text.getBytes(StandardCharsets.US_ASCII));
    block[at + width - 1] = 0;
  }
}
