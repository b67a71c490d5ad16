package io.sendense.recovery.initramfs;

import io.sendense.recovery.fs.Content;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A file's bytes one after another, with a way back, so that readers may take too much. */
final class Cursor extends InputStream {
  private final Content content;
  private final byte[] piece = new byte[64 << 10];
  private long pieceStart;
  private int pieceLength;
  private long at;

  Cursor(Content content) {
    this.content = content;
  }

  long position() {
    return at;
  }

  void position(long position) {
    at = position;
  }

  boolean atEnd() {
    return at >= content.sizeBytes();
  }

  @Override
  public int read() {
    return fill() ? piece[(int) (at++ - pieceStart)] & 0xFF : -1;
  }

  @Override
  public int read(byte[] target, int from, int most) {
    if (most == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int offset = (int) (at - pieceStart);
    int count = Math.min(most, pieceLength - offset);
    System.arraycopy(piece, offset, target, from, count);
    at += count;
    return count;
  }

  private boolean fill() {
    if (at >= pieceStart && at < pieceStart + pieceLength) {
      return true;
    }
    if (atEnd()) {
      return false;
    }
    pieceStart = at;
    pieceLength = (int) Math.min(piece.length, content.sizeBytes() - at);
    content.read(at, ByteBuffer.wrap(piece, 0, pieceLength));
    return true;
  }
}
