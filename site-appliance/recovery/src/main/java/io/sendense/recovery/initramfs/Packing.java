package io.sendense.recovery.initramfs;

import io.sendense.recovery.block.Guest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.tukaani.xz.SingleXZInputStream;

/**
 * How bytes are compressed, told by their first ones. A reader ends exactly behind what is
 * compressed, because the kernel takes further archives from there.
 */
public enum Packing {
  PLAIN,
  GZIP,
  XZ,
  ZSTD,
  LZ4,
  BZIP2,
  LZO,
  LZMA,
  UNKNOWN;

  // A dictionary of 64 MiB, which no initramfs comes near, and what goes with it.
  private static final int MOST_XZ_KIBIBYTES = 128 << 10;

  static Packing of(byte[] head) {
    if (starts(head, 0x30, 0x37, 0x30, 0x37, 0x30)) {
      return PLAIN;
    } else if (starts(head, 0x1F, 0x8B)) {
      return GZIP;
    } else if (starts(head, 0xFD, 0x37, 0x7A, 0x58, 0x5A, 0)) {
      return XZ;
    } else if (starts(head, 0x28, 0xB5, 0x2F, 0xFD)) {
      return ZSTD;
    } else if (starts(head, 0x02, 0x21, 0x4C, 0x18)) {
      return LZ4;
    } else if (starts(head, 0x42, 0x5A, 0x68)) {
      return BZIP2;
    } else if (starts(head, 0x89, 0x4C, 0x5A, 0x4F)) {
      return LZO;
    } else if (starts(head, 0x5D, 0, 0)) {
      return LZMA;
    }
    return UNKNOWN;
  }

  private static boolean starts(byte[] head, int... magic) {
    if (head.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((head[i] & 0xFF) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /** The bytes in it; at the end the cursor stands behind them. */
  InputStream open(Cursor cursor) throws IOException {
    return switch (this) {
      case PLAIN -> cursor;
      case GZIP -> new GzipMember(cursor);
      case XZ -> new SingleXZInputStream(cursor, MOST_XZ_KIBIBYTES);
      case ZSTD -> new ZstdFrame(cursor);
      case LZ4 -> new Lz4Frame(cursor);
      case BZIP2, LZO, LZMA, UNKNOWN ->
          throw Guest.unsupported("initramfs", "it is compressed by " + this);
    };
  }

  /**
   * A kernel module as the kernel takes it, whatever its file is compressed by.
   *
   * @throws IOException where it is damaged, or longer than {@code most}
   */
  public static byte[] unpack(byte[] file, int most) throws IOException {
    Packing packing = of(file);
    if (packing == PLAIN || packing == UNKNOWN) {
      return file;
    }
    Cursor cursor = new Cursor(new io.sendense.recovery.fs.InlineContent(file));
    try (InputStream in = packing.open(cursor)) {
      byte[] all = in.readNBytes(most + 1);
      if (all.length > most) {
        throw new IOException("more than " + most + " bytes");
      }
      return all;
    }
  }

  static byte[] exactly(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("it ends within a header");
    }
    return bytes;
  }
}
