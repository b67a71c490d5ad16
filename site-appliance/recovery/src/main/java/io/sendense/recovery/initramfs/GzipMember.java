package io.sendense.recovery.initramfs;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** RFC 1952, one member. */
final class GzipMember extends InputStream {
  private final Cursor cursor;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 sum = new CRC32();
  private final byte[] piece = new byte[32 << 10];
  private boolean ended;

  GzipMember(Cursor cursor) throws IOException {
    this.cursor = cursor;
    byte[] head = Packing.exactly(cursor, 10);
    int flags = head[3];
    if ((flags & 4) != 0) {
      byte[] length = Packing.exactly(cursor, 2);
      Packing.exactly(cursor, (length[0] & 0xFF) | (length[1] & 0xFF) << 8);
    }
    for (int text : new int[] {8, 16}) {
      if ((flags & text) != 0) {
        for (int one = cursor.read(); one != 0; one = cursor.read()) {
          if (one < 0) {
            throw new EOFException("the gzip header does not end");
          }
        }
      }
    }
    if ((flags & 2) != 0) {
      Packing.exactly(cursor, 2);
    }
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
    while (!ended) {
      try {
        int count = inflater.inflate(target, from, most);
        if (count > 0) {
          sum.update(target, from, count);
          return count;
        }
      } catch (DataFormatException e) {
        throw new IOException("gzip: " + e.getMessage(), e);
      }
      if (inflater.finished()) {
        end();
      } else if (inflater.needsDictionary()) {
        throw new IOException("gzip: it asks for a dictionary");
      } else {
        int count = cursor.read(piece, 0, piece.length);
        if (count < 0) {
          throw new EOFException("the gzip data does not end");
        }
        inflater.setInput(piece, 0, count);
      }
    }
    return -1;
  }

  private void end() throws IOException {
    ended = true;
    cursor.position(cursor.position() - inflater.getRemaining());
    inflater.end();
    ByteBuffer tail =
        ByteBuffer.wrap(Packing.exactly(cursor, 8)).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    if (tail.getInt() != (int) sum.getValue()) {
      throw new IOException("gzip: the checksum does not match");
    }
  }

  @Override
  public void close() {
    inflater.end();
  }
}
