package io.sendense.nbd;

import java.nio.ByteBuffer;
import java.util.Random;

/** A transport that delivers given bytes in pieces of random sizes and swallows what is written. */
final class BytesTransport implements Transport {
  private final ByteBuffer bytes;
  private final Random random;

  BytesTransport(byte[] bytes, Random random) {
    this.bytes = ByteBuffer.wrap(bytes);
    this.random = random;
  }

  @Override
  public int read(ByteBuffer target) {
    if (!bytes.hasRemaining()) {
      return -1;
    }
    int most = Math.min(bytes.remaining(), target.remaining());
    int piece = Math.min(most, 1 + random.nextInt(64));
    target.put(bytes.slice(bytes.position(), piece));
    bytes.position(bytes.position() + piece);
    return piece;
  }

  @Override
  public void write(ByteBuffer header, ByteBuffer payload) {
    header.position(header.limit());
    payload.position(payload.limit());
  }

  @Override
  public void close() {}

  @Override
  public void kill() {}
}
