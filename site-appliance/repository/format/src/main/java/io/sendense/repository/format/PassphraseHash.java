package io.sendense.repository.format;

import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * PBKDF2-HMAC-SHA512 (RFC 8018) block by block. Each iteration is two compressions; libcrypto's own
 * PBKDF2 copies, allocates and wipes six contexts around them, which takes longer than they do.
 * Used once, by one thread.
 */
final class PassphraseHash {
  private static final int BLOCK_BYTES = 128;

  /** Up to here the salt, the number of the block, the mark and the length fit into one block. */
  static final int SALT_BYTES_MAX = BLOCK_BYTES - Integer.BYTES - 1 - 2 * Long.BYTES;

  private static final int HASH_WORDS = 8;
  private static final int CONTEXT_WORDS = 27;
  private static final int ROUNDS_AT_ONCE = 1000;

  // FIPS 180-4, 5.3.5.
  private static final long[] INITIAL = {
    0x6a09e667f3bcc908L, 0xbb67ae8584caa73bL, 0x3c6ef372fe94f82bL, 0xa54ff53a5f1d36f1L,
    0x510e527fade682d1L, 0x9b05688c2b3e6c1fL, 0x1f83d9abfb41bd6bL, 0x5be0cd19137e2179L
  };

  private final LibCryptoPassphrase calls;

  /** As long as SHA512_CTX of openssl/sha.h, of which only the first eight words are used. */
  private final long[] state = new long[CONTEXT_WORDS];

  private final long[] block = new long[BLOCK_BYTES / Long.BYTES];
  private final long[] inner;
  private final long[] outer;
  private final long[] sum = new long[HASH_WORDS];
  private final MemorySegment stateMemory = MemorySegment.ofArray(state);
  private final MemorySegment blockMemory = MemorySegment.ofArray(block);

  private PassphraseHash(LibCryptoPassphrase calls, byte[] passphrase) {
    this.calls = calls;
    inner = padded(passphrase, 0x36);
    outer = padded(passphrase, 0x5c);
  }

  /**
   * @param salt up to {@link #SALT_BYTES_MAX}
   * @param length up to 64: one block of PBKDF2
   */
  static byte[] derive(
      LibCryptoPassphrase calls, byte[] passphrase, byte[] salt, int iterations, int length) {
    PassphraseHash hash = new PassphraseHash(calls, passphrase);
    hash.first(salt);
    // By parts, and not by a counter of fixed steps: the compiler would leave out the check for a
    // waiting collection.
    for (int left = iterations - 1; left > 0; left -= Math.min(left, ROUNDS_AT_ONCE)) {
      hash.rounds(Math.min(left, ROUNDS_AT_ONCE));
    }
    byte[] all = new byte[HASH_WORDS * Long.BYTES];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) (hash.sum[i / Long.BYTES] >>> (56 - 8 * (i % Long.BYTES)));
    }
    byte[] key = Arrays.copyOf(all, length);
    Arrays.fill(all, (byte) 0);
    hash.wipe();
    return key;
  }

  private void rounds(int count) {
    for (int i = 0; i < count; i++) {
      round();
    }
  }

  /** A method of its own, called often, so that it is compiled early. */
  private void round() {
    compress(inner);
    take();
    compress(outer);
    take();
    for (int i = 0; i < HASH_WORDS; i++) {
      sum[i] ^= state[i];
    }
  }

  /** The first iteration, whose message is the salt and the number of the block. */
  private void first(byte[] salt) {
    byte[] message = Arrays.copyOf(salt, BLOCK_BYTES);
    int length = salt.length + Integer.BYTES;
    message[length - 1] = 1;
    message[length] = (byte) 0x80;
    int bits = (BLOCK_BYTES + length) * Byte.SIZE;
    message[BLOCK_BYTES - 2] = (byte) (bits >> Byte.SIZE);
    message[BLOCK_BYTES - 1] = (byte) bits;
    blockMemory.copyFrom(MemorySegment.ofArray(message));
    compress(inner);
    // From here on every message is a hash, and what pads it stays.
    Arrays.fill(block, 0);
    block[HASH_WORDS] = 0x80;
    block[block.length - 1] =
        Long.reverseBytes((long) (BLOCK_BYTES + HASH_WORDS * Long.BYTES) * Byte.SIZE);
    take();
    compress(outer);
    take();
    System.arraycopy(state, 0, sum, 0, HASH_WORDS);
  }

  private void compress(long[] from) {
    System.arraycopy(from, 0, state, 0, HASH_WORDS);
    calls.compress(stateMemory, blockMemory);
  }

  /** The hash in the state becomes the next message. */
  private void take() {
    for (int i = 0; i < HASH_WORDS; i++) {
      block[i] = Long.reverseBytes(state[i]);
    }
  }

  /** The state of HMAC that has taken in the key's block. */
  private long[] padded(byte[] passphrase, int pad) {
    byte[] key = passphrase.length > BLOCK_BYTES ? sha512(passphrase) : passphrase;
    byte[] bytes = Arrays.copyOf(key, BLOCK_BYTES);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] ^= (byte) pad;
    }
    blockMemory.copyFrom(MemorySegment.ofArray(bytes));
    Arrays.fill(bytes, (byte) 0);
    compress(INITIAL);
    return Arrays.copyOf(state, HASH_WORDS);
  }

  private void wipe() {
    for (long[] secret : new long[][] {state, block, inner, outer, sum}) {
      Arrays.fill(secret, 0);
    }
  }

  private static byte[] sha512(byte[] data) {
    try {
      return MessageDigest.getInstance("SHA-512").digest(data);
    } catch (GeneralSecurityException e) {
      throw Hkdf.noAlgorithm(e);
    }
  }
}
