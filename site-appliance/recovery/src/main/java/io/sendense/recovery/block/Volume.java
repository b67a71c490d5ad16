package io.sendense.recovery.block;

import io.sendense.domain.SendenseException;
import java.nio.ByteBuffer;

/** A source as one reader sees it: what it asks beyond the end is the guest's fault, by name. */
public final class Volume {
  /** No structure of any format read here is longer. */
  private static final int MOST = 16 << 20;

  private final BlockSource source;
  private final String format;

  public Volume(BlockSource source, String format) {
    this.source = source;
    this.format = format;
  }

  public long sizeBytes() {
    return source.sizeBytes();
  }

  public BlockSource source() {
    return source;
  }

  public String format() {
    return format;
  }

  /**
   * A structure, little-endian.
   *
   * @throws SendenseException GUEST_DAMAGED where it is not within the volume
   */
  public Bytes read(long offset, int length, String structure) {
    check(offset, length, structure);
    byte[] bytes = new byte[length];
    source.read(offset, ByteBuffer.wrap(bytes));
    return Bytes.of(bytes, format, structure, offset);
  }

  /** Content of a file, straight into the caller's buffer. */
  public void read(long offset, ByteBuffer target) {
    check(offset, target.remaining(), "content");
    source.read(offset, target);
  }

  public SendenseException damaged(String structure, long offset, String what) {
    return Guest.damaged(format, structure, offset, what);
  }

  public SendenseException unsupported(String what) {
    return Guest.unsupported(format, what);
  }

  private void check(long offset, long length, String structure) {
    if (length < 0 || length > MOST) {
      throw damaged(structure, offset, "its length is " + length);
    }
    if (offset < 0 || offset > source.sizeBytes() - length) {
      throw damaged(
          structure,
          offset,
          length + " bytes do not lie within the volume of " + source.sizeBytes() + " bytes");
    }
  }
}
