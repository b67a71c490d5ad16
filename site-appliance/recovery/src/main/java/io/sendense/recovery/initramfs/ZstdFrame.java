package io.sendense.recovery.initramfs;

import com.github.luben.zstd.ZstdDecompressCtx;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** RFC 8878, one frame. */
final class ZstdFrame extends InputStream {
  private final Cursor cursor;
  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private final ByteBuffer source = ByteBuffer.allocateDirect(64 << 10).limit(0);
  private final ByteBuffer out = ByteBuffer.allocateDirect(128 << 10).limit(0);
  private boolean ended;

  ZstdFrame(Cursor cursor) {
    this.cursor = cursor;
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
    while (!out.hasRemaining()) {
      if (ended) {
        return -1;
      }
      if (!source.hasRemaining()) {
        byte[] piece = new byte[64 << 10];
        int count = cursor.read(piece, 0, piece.length);
        if (count < 0) {
          throw new EOFException("the zstd frame does not end");
        }
        source.clear().put(piece, 0, count).flip();
      }
      out.clear();
      try {
        ended = context.decompressDirectByteBufferStream(out, source);
      } catch (RuntimeException e) {
        throw new IOException("zstd: " + e.getMessage(), e);
      }
      out.flip();
      if (ended) {
        cursor.position(cursor.position() - source.remaining());
      }
    }
    int count = Math.min(most, out.remaining());
    out.get(target, from, count);
    return count;
  }

  @Override
  public void close() {
    context.close();
  }
}
