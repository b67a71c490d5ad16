package io.sendense.repository.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Reads the bytes of a section, big-endian. Whatever does not fit is damage, named with the object.
 * Not thread-safe.
 */
final class ByteReader {
  private final String object;
  private final ByteBuffer bytes;

  ByteReader(String object, byte[] bytes) {
    this(object, ByteBuffer.wrap(bytes));
  }

  ByteReader(String object, ByteBuffer bytes) {
    this.object = object;
    this.bytes = bytes;
  }

  int u8() {
    need(1);
    return bytes.get() & 0xff;
  }

  int u16() {
    need(2);
    return bytes.getShort() & 0xffff;
  }

  int u32() {
    need(4);
    return bytes.getInt();
  }

  /** A count or length that may not exceed a limit. */
  int count(int max) {
    int value = u32();
    if (value < 0 || value > max) {
      throw Damage.of(object, "a count of " + Integer.toUnsignedString(value) + " is too large");
    }
    return value;
  }

  long u64() {
    need(8);
    return bytes.getLong();
  }

  byte[] raw(int count) {
    need(count);
    byte[] value = new byte[count];
    bytes.get(value);
    return value;
  }

  UUID uuid() {
    return new UUID(u64(), u64());
  }

  String str() {
    byte[] utf8 = raw(u16());
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw Damage.of(object, "a text is not UTF-8", e);
    }
  }

  int remaining() {
    return bytes.remaining();
  }

  /** Everything must have been read. */
  void end() {
    if (bytes.hasRemaining()) {
      throw Damage.of(object, bytes.remaining() + " bytes too many in a section");
    }
  }

  private void need(int count) {
    if (bytes.remaining() < count) {
      throw Damage.of(object, "a section ends too early");
    }
  }
}
