package io.sendense.repository.format;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.crypto.Mac;

/**
 * Turns raw bytes into blobs and back, with contexts and buffers of its own that are used again for
 * every blob. Not thread-safe; {@link CodecPool} lends it out.
 */
final class BlobCodec implements AutoCloseable {
  static final int CHUNK = 1;
  static final int NODE = 2;
  static final int TAG_BYTES = 16;

  private static final byte[] ZEROS = new byte[RepositorySettings.CHUNK_BYTES_MAX];

  private final Keys keys;
  private final BulkCrypto crypto;
  private final BulkCrypto.KeyedHash chunkHash;
  private final BulkCrypto.KeyedHash nodeHash;
  private final ZstdCompressCtx compress;
  private final ZstdDecompressCtx decompress;
  private final byte[] additional = new byte[1 + Ref.ID_BYTES + 4 + 4];
  private final byte[] nonce = new byte[12];
  private byte[] packed = new byte[0];
  private byte[] sealed = new byte[0];
  private byte[] chunk = new byte[0];

  BlobCodec(Keys keys) {
    this(keys, BulkCrypto.create());
  }

  BlobCodec(Keys keys, BulkCrypto crypto) {
    this.keys = keys;
    this.crypto = crypto;
    chunkHash = crypto.keyedHash(keys.chunkKey().getEncoded());
    nodeHash = crypto.keyedHash(keys.nodeKey().getEncoded());
    compress = new ZstdCompressCtx();
    compress.setLevel(1);
    compress.setChecksum(false);
    compress.setContentSize(false);
    decompress = new ZstdDecompressCtx();
  }

  static void warmUp() {
    BulkCrypto.create().close();
    new ZstdCompressCtx().close();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw Hkdf.noAlgorithm(e);
    }
  }

  static boolean isZero(byte[] data, int offset, int length) {
    return Arrays.equals(data, offset, offset + length, ZEROS, 0, length);
  }

  /** Writes the id of a chunk into {@code id}. */
  void chunkId(byte[] data, int offset, int length, byte[] id) {
    chunkHash.hash(data, offset, length, id);
  }

  /** Id of a node over its level, its bitmap and its children's ids. */
  byte[] nodeId(byte[] identity) {
    byte[] id = new byte[Ref.ID_BYTES];
    nodeHash.hash(identity, 0, identity.length, id);
    return id;
  }

  RootHash rootHash(byte[] identity) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(keys.rootKey());
      return RootHash.of(mac.doFinal(identity));
    } catch (GeneralSecurityException e) {
      throw Hkdf.noAlgorithm(e);
    }
  }

  /** A buffer for one raw chunk, for the borrower's use until the codec is given back. */
  byte[] chunkBuffer(int length) {
    if (chunk.length < length) {
      chunk = new byte[length];
    }
    return chunk;
  }

  /** A buffer for a sealed blob, for the borrower's use until the codec is given back. */
  byte[] sealedBuffer(Location at) {
    if (sealed.length < at.sealedBytes()) {
      sealed = new byte[sealedMost(at)];
    }
    return sealed;
  }

  /**
   * What a blob of this length takes where it could not be packed: buffers of this size need not
   * grow with every blob that is packed a little less well than the ones before.
   */
  private static int sealedMost(Location at) {
    return Math.max(at.sealedBytes(), at.rawBytes() + TAG_BYTES);
  }

  /**
   * Compresses a chunk where that saves a sixteenth, and keeps the outcome for {@link #seal}, which
   * must be this codec's next call.
   *
   * @return the sealed field of its location
   */
  int compress(int kind, byte[] raw, int rawBytes) {
    int packedBytes = kind == CHUNK ? compress(raw, rawBytes) : rawBytes;
    return packedBytes < rawBytes
        ? (packedBytes + TAG_BYTES) | Location.COMPRESSED
        : rawBytes + TAG_BYTES;
  }

  /** Seals what was given to {@link #compress} into a pack, at the place the reference says. */
  void seal(int kind, Ref ref, byte[] raw, byte[] pack) {
    Location at = ref.at();
    byte[] from = at.compressed() ? packed : raw;
    int length = at.sealedBytes() - TAG_BYTES;
    crypto.seal(sealing(kind, ref.id(), at), from, 0, length, pack, at.offset());
  }

  /** Seals a chunk that {@link #unseal} left packed, at its place in a pack. */
  void sealPacked(Ref ref, byte[] packedBytes, byte[] pack) {
    Location at = ref.at();
    int length = at.sealedBytes() - TAG_BYTES;
    crypto.seal(sealing(CHUNK, ref.id(), at), packedBytes, 0, length, pack, at.offset());
  }

  /**
   * Opens a chunk and leaves it packed. What it unpacks to is vouched for by whoever sealed it
   * under its id.
   *
   * @return false where the bytes are not what was sealed there under that id
   */
  boolean unseal(Ref ref, byte[] in, byte[] out) {
    Location at = ref.at();
    return crypto.open(sealing(CHUNK, ref.id(), at), in, 0, at.sealedBytes(), out, 0);
  }

  /**
   * Opens a blob whose sealed bytes are in {@code in} at {@code from}, into {@code out}.
   *
   * @return false where the bytes are not what was sealed there under that id
   */
  boolean open(int kind, byte[] id, Location at, byte[] in, int from, byte[] out, int to) {
    BulkCrypto.Sealing with = sealing(kind, id, at);
    int length = at.sealedBytes() - TAG_BYTES;
    if (!at.compressed()) {
      return length == at.rawBytes() && crypto.open(with, in, from, at.sealedBytes(), out, to);
    }
    byte[] target = packedBuffer(sealedMost(at));
    try {
      return crypto.open(with, in, from, at.sealedBytes(), target, 0)
          && decompress.decompressByteArray(out, to, at.rawBytes(), target, 0, length)
              == at.rawBytes();
    } catch (ZstdException e) {
      return false;
    }
  }

  /** As the other, into a buffer from its position on, which stays where it is. */
  boolean open(int kind, byte[] id, Location at, byte[] in, int from, ByteBuffer out) {
    if (out.hasArray()) {
      int to = out.arrayOffset() + out.position();
      return open(kind, id, at, in, from, out.array(), to);
    }
    BulkCrypto.Sealing with = sealing(kind, id, at);
    int length = at.sealedBytes() - TAG_BYTES;
    if (!at.compressed()) {
      return length == at.rawBytes() && crypto.open(with, in, from, at.sealedBytes(), out);
    }
    byte[] target = packedBuffer(sealedMost(at));
    try {
      return crypto.open(with, in, from, at.sealedBytes(), target, 0)
          && decompress.decompressByteArrayToDirectByteBuffer(
                  out, out.position(), at.rawBytes(), target, 0, length)
              == at.rawBytes();
    } catch (ZstdException e) {
      return false;
    }
  }

  /** Writes the SHA-256 of a range of {@code data} to {@code out} at {@code to}. */
  void checksum(byte[] data, int offset, int length, byte[] out, int to) {
    crypto.sha256(data, offset, length, out, to);
  }

  /**
   * As {@link #checksum}, and writes the SHA-256 of the range and the checksum after it into {@code
   * whole}.
   */
  void checksum(byte[] data, int offset, int length, byte[] out, int to, byte[] whole) {
    crypto.sha256(data, offset, length, out, to, whole);
  }

  @Override
  public void close() {
    compress.close();
    decompress.close();
    crypto.close();
  }

  private int compress(byte[] raw, int rawBytes) {
    byte[] target = packedBuffer((int) Zstd.compressBound(rawBytes));
    int length = compress.compressByteArray(target, 0, target.length, raw, 0, rawBytes);
    return length <= rawBytes - rawBytes / 16 ? length : rawBytes;
  }

  private byte[] packedBuffer(int length) {
    if (packed.length < length) {
      packed = new byte[length];
    }
    return packed;
  }

  private BulkCrypto.Sealing sealing(int kind, byte[] id, Location at) {
    ByteBuffer.wrap(nonce).putInt(at.offset()).put(id, 0, 8);
    ByteBuffer.wrap(additional)
        .put((byte) kind)
        .put(id, 0, Ref.ID_BYTES)
        .putInt(at.sealedField())
        .putInt(at.rawBytes());
    return new BulkCrypto.Sealing(keys.packKey(at.pack()).getEncoded(), nonce, additional);
  }
}
