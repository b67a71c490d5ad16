package io.sendense.recovery.ntfs;

import io.sendense.recovery.block.Bytes;
import java.nio.charset.StandardCharsets;

/**
 * One attribute of a record, or one part of it ("MFT attribute").
 *
 * @param first cluster at which this part begins; 0 for a resident one
 */
record NtfsAttribute(int type, String name, Bytes bytes, long first) {
  static final int STANDARD = 0x10;
  static final int LIST = 0x20;
  static final int FILE_NAME = 0x30;
  static final int VOLUME_NAME = 0x60;
  static final int VOLUME_INFORMATION = 0x70;
  static final int DATA = 0x80;
  static final int INDEX_ROOT = 0x90;
  static final int INDEX_ALLOCATION = 0xA0;
  static final int BITMAP = 0xB0;
  static final int REPARSE = 0xC0;

  static NtfsAttribute of(Bytes bytes) {
    String name = new String(bytes.copy(bytes.u16(10), 2 * bytes.u8(9)), StandardCharsets.UTF_16LE);
    long first = bytes.u8(8) == 0 ? 0 : bytes.u63(16, "its first cluster");
    return new NtfsAttribute(bytes.i32(0), name, bytes, first);
  }

  boolean resident() {
    return bytes.u8(8) == 0;
  }

  Bytes value(String what) {
    if (bytes.u32(16) > bytes.length()) {
      throw bytes.damaged("a value of " + bytes.u32(16) + " bytes");
    }
    return bytes.part(bytes.u16(20), (int) bytes.u32(16), what);
  }

  Bytes runs() {
    int at = bytes.u16(32);
    return bytes.part(at, Math.max(0, bytes.length() - at), "data runs");
  }

  boolean compressed() {
    return (bytes.u16(12) & 0xFF) != 0;
  }

  boolean encrypted() {
    return (bytes.u16(12) & 0x4000) != 0;
  }
}
