package io.sendense.repository.format;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@link BulkCrypto} by OpenSSL's libcrypto, which is at full speed from its first byte. Its
 * contexts live outside the heap until it is closed.
 */
final class LibCrypto implements BulkCrypto {
  private static final int BLOCK_BYTES = 64;
  private static final int INNER = 0x36;
  private static final int OUTER = 0x5c;

  private final LibCryptoCalls calls;
  private final MemorySegment cipher;
  private @Nullable MemorySegment digest;
  private @Nullable MemorySegment second;
  private final List<MemorySegment> digests = new ArrayList<>();
  private final byte[] moved = new byte[TAG_BYTES];
  private final byte[] tag = new byte[TAG_BYTES];
  private final byte[] hash = new byte[HASH_BYTES];

  private LibCrypto(LibCryptoCalls calls) {
    this.calls = calls;
    cipher = calls.newCipher();
  }

  /** Empty where the system has no libcrypto 3 or native access was not granted. */
  static Optional<LibCrypto> open() {
    return LibCryptoCalls.INSTANCE.map(LibCrypto::new);
  }

  @Override
  public KeyedHash keyedHash(byte[] key) {
    if (key.length > BLOCK_BYTES) {
      throw new IllegalArgumentException("a key of " + key.length + " bytes");
    }
    MemorySegment inner = padded(key, INNER);
    MemorySegment outer = padded(key, OUTER);
    MemorySegment digest = digest();
    return (data, offset, length, out) -> {
      calls.copyDigest(digest, inner);
      calls.updateDigest(digest, data, offset, length);
      calls.finishDigest(digest, hash, 0);
      calls.copyDigest(digest, outer);
      calls.updateDigest(digest, hash, 0, HASH_BYTES);
      calls.finishDigest(digest, out, 0);
    };
  }

  @Override
  public void sha256(byte[] data, int offset, int length, byte[] out, int to) {
    calls.shortly().sha256(data, offset, length, out, to);
  }

  @Override
  public void sha256(byte[] data, int offset, int length, byte[] out, int to, byte[] whole) {
    MemorySegment first = digest();
    MemorySegment rest = second == null ? newDigest() : second;
    second = rest;
    calls.startSha256(first);
    calls.updateDigest(first, data, offset, length);
    calls.copyDigest(rest, first);
    calls.finishDigest(first, out, to);
    calls.updateDigest(rest, out, to, HASH_BYTES);
    calls.finishDigest(rest, whole, 0);
  }

  @Override
  public void seal(Sealing with, byte[] in, int from, int length, byte[] out, int to) {
    calls.startCipher(cipher, true, with.key(), with.nonce());
    calls.authenticate(cipher, with.additional(), moved);
    calls.updateCipher(cipher, in, from, length, out, to, moved);
    if (!calls.finishCipher(cipher, moved)) {
      throw new IllegalStateException("libcrypto did not finish sealing");
    }
    calls.tag(cipher, true, tag);
    System.arraycopy(tag, 0, out, to + length, TAG_BYTES);
  }

  @Override
  public boolean open(Sealing with, byte[] in, int from, int length, byte[] out, int to) {
    int content = length - TAG_BYTES;
    return content >= 0
        && open(with, in, from, content, MemorySegment.ofArray(out).asSlice(to, content));
  }

  @Override
  public boolean open(Sealing with, byte[] in, int from, int length, ByteBuffer out) {
    int content = length - TAG_BYTES;
    return content >= 0
        && open(with, in, from, content, MemorySegment.ofBuffer(out).asSlice(0, content));
  }

  private boolean open(Sealing with, byte[] in, int from, int content, MemorySegment out) {
    calls.startCipher(cipher, false, with.key(), with.nonce());
    System.arraycopy(in, from + content, tag, 0, TAG_BYTES);
    calls.tag(cipher, false, tag);
    calls.authenticate(cipher, with.additional(), moved);
    calls.updateCipher(cipher, in, from, content, out, moved);
    return calls.finishCipher(cipher, moved);
  }

  @Override
  public void close() {
    calls.freeCipher(cipher);
    digests.forEach(calls::freeDigest);
    digests.clear();
  }

  /** A state that has taken in the key's block, to be copied for every hash. */
  private MemorySegment padded(byte[] key, int pad) {
    byte[] block = Arrays.copyOf(key, BLOCK_BYTES);
    for (int i = 0; i < block.length; i++) {
      block[i] ^= (byte) pad;
    }
    MemorySegment state = newDigest();
    calls.startSha256(state);
    calls.updateDigest(state, block, 0, block.length);
    Arrays.fill(block, (byte) 0);
    return state;
  }

  /** Made when first needed: most objects that are opened have no use for one. */
  private MemorySegment digest() {
    MemorySegment made = digest == null ? newDigest() : digest;
    digest = made;
    return made;
  }

  private MemorySegment newDigest() {
    MemorySegment state = calls.newDigest();
    digests.add(state);
    return state;
  }
}
