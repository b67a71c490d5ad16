package io.sendense.repository.format;

import io.sendense.repository.spi.ObjectHash;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;

/** SHA-256 by the system's libcrypto where there is one, otherwise by the JDK. */
public final class Sha256 {
  private Sha256() {}

  /** A hash that has been given nothing yet. */
  public static ObjectHash begin() {
    return LibCryptoCalls.INSTANCE.<ObjectHash>map(Native::new).orElseGet(OfTheJdk::new);
  }

  private static final class Native implements ObjectHash {
    private final LibCryptoCalls calls;
    private final MemorySegment state;
    private boolean closed;

    Native(LibCryptoCalls calls) {
      this.calls = calls;
      state = calls.newDigest();
      calls.startSha256(state);
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
      checkOpen();
      calls.updateDigest(state, bytes, offset, length);
    }

    @Override
    public byte[] finish() {
      checkOpen();
      byte[] sum = new byte[BYTES];
      calls.finishDigest(state, sum, 0);
      return sum;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        calls.freeDigest(state);
      }
    }

    private void checkOpen() {
      if (closed) {
        throw new IllegalStateException("this hash was closed");
      }
    }
  }

  private static final class OfTheJdk implements ObjectHash {
    private final MessageDigest digest = BlobCodec.sha256();

    @Override
    public void update(byte[] bytes, int offset, int length) {
      digest.update(bytes, offset, length);
    }

    @Override
    public byte[] finish() {
      return digest.digest();
    }

    @Override
    public void close() {
      // It lies in the heap.
    }
  }
}
