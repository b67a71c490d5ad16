package io.sendense.images;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * Neighbouring grains as they stand in the file, each with its marker and padded to whole sectors.
 * One of zeros only is left out and is empty here.
 */
final class VmdkGrains {
  private static final byte[] NONE = new byte[0];

  private final long first;
  private final byte[][] packed;

  private VmdkGrains(long first, byte[][] packed) {
    this.first = first;
    this.packed = packed;
  }

  /** Index of the first grain. */
  long first() {
    return first;
  }

  int count() {
    return packed.length;
  }

  byte[] packed(int index) {
    return packed[index];
  }

  static VmdkGrains pack(long first, byte[] data) {
    // Deflate is most of an export's time, and its higher levels gain a few percent.
    try (Deflater deflater = new Deflater(Deflater.BEST_SPEED)) {
      byte[][] grains = new byte[Math.ceilDiv(data.length, VmdkLayout.GRAIN)][];
      byte[] room = new byte[2 * VmdkLayout.GRAIN];
      for (int i = 0; i < grains.length; i++) {
        int from = i * VmdkLayout.GRAIN;
        int length = Math.min(VmdkLayout.GRAIN, data.length - from);
        grains[i] =
            ImageFile.isZero(data, from, length)
                ? NONE
                : grain(deflater, first + i, data, from, length, room);
      }
      return new VmdkGrains(first, grains);
    }
  }

  private static byte[] grain(
      Deflater deflater, long index, byte[] data, int from, int length, byte[] room) {
    deflater.reset();
    if (length < VmdkLayout.GRAIN) {
      deflater.setInput(
          Arrays.copyOf(Arrays.copyOfRange(data, from, from + length), VmdkLayout.GRAIN));
    } else {
      deflater.setInput(data, from, length);
    }
    deflater.finish();
    int size = deflater.deflate(room);
    int marked = VmdkLayout.MARKER_GRAIN_BYTES + size;
    ByteBuffer out = VmdkLayout.little(Math.ceilDiv(marked, VmdkLayout.SECTOR) * VmdkLayout.SECTOR);
    out.putLong(index * (VmdkLayout.GRAIN / VmdkLayout.SECTOR)).putInt(size).put(room, 0, size);
    return ImageFile.content(out);
  }
}
