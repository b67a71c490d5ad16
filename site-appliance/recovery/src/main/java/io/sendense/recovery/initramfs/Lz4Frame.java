package io.sendense.recovery.initramfs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorInputStream;

/** LZ4's legacy frame, as the kernel's build makes it: blocks of 8 MiB until something else. */
final class Lz4Frame extends InputStream {
  private static final int LZ4_BLOCK = 8 << 20;
  private static final int LZ4_LEGACY = 0x184C2102;

  private final Cursor cursor;
  private ByteArrayInputStream block = new ByteArrayInputStream(new byte[0]);

  Lz4Frame(Cursor cursor) throws IOException {
    this.cursor = cursor;
    Packing.exactly(cursor, 4);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int from, int most) throws IOException {
    if (most == 0) {
      return 0;
    }
    int count = block.read(target, from, most);
    while (count < 0) {
      if (!next()) {
        return -1;
      }
      count = block.read(target, from, most);
    }
    return count;
  }

  private boolean next() throws IOException {
    long start = cursor.position();
    byte[] length = cursor.readNBytes(4);
    if (length.length < 4) {
      cursor.position(start);
      return false;
    }
    int size = ByteBuffer.wrap(length).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt();
    if (size == LZ4_LEGACY) {
      return next();
    }
    if (size <= 0 || size > LZ4_BLOCK + LZ4_BLOCK / 255 + 16) {
      cursor.position(start);
      return false;
    }
    byte[] packed = Packing.exactly(cursor, size);
    ByteArrayOutputStream unpacked = new ByteArrayOutputStream();
    try (InputStream in = new BlockLZ4CompressorInputStream(new ByteArrayInputStream(packed))) {
      unpacked.writeBytes(in.readNBytes(LZ4_BLOCK));
      if (in.read() >= 0) {
        throw new IOException("lz4: a block is longer than 8 MiB");
      }
    }
    block = new ByteArrayInputStream(unpacked.toByteArray());
    return true;
  }
}
