package io.sendense.repository.format;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * HMAC-SHA256 and AES-256-GCM over heap arrays, with contexts that are used again for every blob.
 * Not thread-safe. Both implementations give the same bytes.
 */
interface BulkCrypto extends AutoCloseable {
  int HASH_BYTES = 32;
  int TAG_BYTES = 16;

  /** A keyed hash, made once for its key. */
  interface KeyedHash {
    /** Writes the hash of a range of {@code data} into the first 32 bytes of {@code out}. */
    void hash(byte[] data, int offset, int length, byte[] out);
  }

  KeyedHash keyedHash(byte[] key);

  /** Writes the SHA-256 of a range of {@code data} to {@code out} at {@code to}. */
  void sha256(byte[] data, int offset, int length, byte[] out, int to);

  /**
   * As {@link #sha256}, and writes the SHA-256 of the range followed by those 32 bytes into {@code
   * whole}: both sums of an object that ends with its own, by one pass.
   */
  void sha256(byte[] data, int offset, int length, byte[] out, int to, byte[] whole);

  /** Writes ciphertext and tag, {@code length} + 16 bytes, to {@code out} at {@code to}. */
  void seal(Sealing with, byte[] in, int from, int length, byte[] out, int to);

  /**
   * Opens {@code length} bytes of ciphertext and tag into {@code out} at {@code to}.
   *
   * @return false where the tag does not fit; what stands in {@code out} must then not be used
   */
  boolean open(Sealing with, byte[] in, int from, int length, byte[] out, int to);

  /** As the other, into a direct buffer from its position on, which stays where it is. */
  boolean open(Sealing with, byte[] in, int from, int length, ByteBuffer out);

  @Override
  void close();

  /**
   * What a blob is sealed with: 32 bytes of key, 12 of nonce, and data that is only vouched for.
   */
  final class Sealing {
    private final byte[] key;
    private final byte[] nonce;
    private final byte[] additional;

    /** Takes over the arrays. */
    Sealing(byte[] key, byte[] nonce, byte[] additional) {
      this.key = key;
      this.nonce = nonce;
      this.additional = additional;
    }

    byte[] key() {
      return key;
    }

    byte[] nonce() {
      return nonce;
    }

    byte[] additional() {
      return additional;
    }
  }

  /**
   * The system's libcrypto where there is one, otherwise the JDK, which needs a second of work
   * before its fast code is compiled.
   */
  static BulkCrypto create() {
    Optional<LibCrypto> fast = LibCrypto.open();
    return fast.isPresent() ? fast.get() : new JdkCrypto();
  }
}
