package io.sendense.recovery.btrfs;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.sendense.recovery.block.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.InflaterInputStream;

/** What was packed as one. The rest of its last sector was not packed and reads as zeros. */
final class Unpacking {
  private static final int ZLIB = 1;
  private static final int LZO = 2;
  private static final int ZSTD = 3;

  private Unpacking() {}

  /**
   * @param packed may have anything behind its end
   * @throws io.sendense.domain.SendenseException GUEST_DAMAGED
   */
  static byte[] unpack(int packing, byte[] packed, int wholeBytes, int sectorBytes, Bytes item) {
    try {
      byte[] whole =
          switch (packing) {
            case ZLIB -> {
              try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
                yield in.readNBytes(wholeBytes);
              }
            }
            case LZO -> lzo(packed, wholeBytes, sectorBytes);
            case ZSTD -> zstd(packed, wholeBytes);
            default -> throw new IOException("compression " + packing);
          };
      return Arrays.copyOf(whole, wholeBytes);
    } catch (IOException e) {
      throw item.damaged("its content cannot be unpacked: " + e.getMessage());
    }
  }

  private static byte[] zstd(byte[] packed, int wholeBytes) throws IOException {
    byte[] whole = new byte[wholeBytes];
    try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
      long frame = Zstd.findFrameCompressedSize(packed);
      if (frame < 0 || frame > packed.length) {
        throw new IOException("zstd: no frame");
      }
      context.decompressByteArray(whole, 0, wholeBytes, packed, 0, (int) frame);
    } catch (ZstdException e) {
      throw new IOException("zstd: " + e.getMessage(), e);
    }
    return whole;
  }

  /**
   * "Compression": the length of all, then for each sector its packed length and bytes; a length
   * never crosses from one sector into the next.
   */
  private static byte[] lzo(byte[] packed, int wholeBytes, int sectorBytes) throws IOException {
    byte[] whole = new byte[wholeBytes];
    long total = length(packed, 0);
    if (total > packed.length) {
      throw new IOException("lzo: " + total + " bytes are told");
    }
    int at = 4;
    int done = 0;
    while (at < total && done < wholeBytes) {
      if (sectorBytes - at % sectorBytes < 4) {
        at += sectorBytes - at % sectorBytes;
      }
      long length = length(packed, at);
      at += 4;
      if (length > packed.length - at) {
        throw new IOException("lzo: a part of " + length + " bytes at " + at);
      }
      int most = Math.min(sectorBytes, wholeBytes - done);
      done += Lzo.unpack(packed, at, (int) length, whole, done, most);
      at += (int) length;
    }
    return whole;
  }

  private static long length(byte[] packed, int at) throws IOException {
    if (at > packed.length - 4) {
      throw new IOException("lzo: it ends within a length");
    }
    return (packed[at] & 0xFF)
        | (packed[at + 1] & 0xFF) << 8
        | (packed[at + 2] & 0xFF) << 16
        | (packed[at + 3] & 0xFFL) << 24;
  }
}
