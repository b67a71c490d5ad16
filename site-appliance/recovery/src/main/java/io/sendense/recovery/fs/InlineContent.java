package io.sendense.recovery.fs;

import java.nio.ByteBuffer;

/** Content that lies in a structure that was read already. */
public final class InlineContent implements Content {
  private final byte[] bytes;

  public InlineContent(byte... bytes) {
    this.bytes = bytes.clone();
  }

  @Override
  public long sizeBytes() {
    return bytes.length;
  }

  @Override
  public Run run(long offset) {
    return new Run(offset, bytes.length - offset, true);
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    target.put(bytes, (int) offset, target.remaining());
  }
}
