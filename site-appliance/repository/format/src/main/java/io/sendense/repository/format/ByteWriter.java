package io.sendense.repository.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/** Builds the bytes of a section, big-endian. Not thread-safe. */
final class ByteWriter {
  private byte[] bytes = new byte[256];
  private int length;

  ByteWriter u8(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
    return this;
  }

  ByteWriter u16(int value) {
    if (value < 0 || value > 0xffff) {
      throw new IllegalArgumentException("not a u16: " + value);
    }
    return u8(value >>> 8).u8(value);
  }

  ByteWriter u32(int value) {
    reserve(4);
    ByteBuffer.wrap(bytes).putInt(length, value);
    length += 4;
    return this;
  }

  ByteWriter u64(long value) {
    reserve(8);
    ByteBuffer.wrap(bytes).putLong(length, value);
    length += 8;
    return this;
  }

  ByteWriter raw(byte[] value) {
    return raw(value, 0, value.length);
  }

  ByteWriter raw(byte[] value, int offset, int count) {
    reserve(count);
    System.arraycopy(value, offset, bytes, length, count);
    length += count;
    return this;
  }

  ByteWriter uuid(UUID value) {
    return u64(value.getMostSignificantBits()).u64(value.getLeastSignificantBits());
  }

  ByteWriter str(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return u16(utf8.length).raw(utf8);
  }

  int length() {
    return length;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  private void reserve(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
    }
  }
}
