package io.sendense.repository.azure;

import java.io.IOException;
import java.io.OutputStream;

/** Writes into a part of an array, and never beyond it. */
final class FixedOutput extends OutputStream {
  private final byte[] target;
  private final int end;
  private final int begin;
  private int at;

  FixedOutput(byte[] target, int offset, int length) {
    this.target = target;
    this.begin = offset;
    this.at = offset;
    this.end = offset + length;
  }

  int filled() {
    return at - begin;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (length > end - at) {
      throw new IOException("the service sent more than was asked for");
    }
    System.arraycopy(bytes, offset, target, at, length);
    at += length;
  }
}
