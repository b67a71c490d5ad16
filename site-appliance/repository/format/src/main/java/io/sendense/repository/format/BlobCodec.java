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
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Turns raw bytes into blobs and back, with contexts and buffers of its own that are used again for
 * every blob. Not thread-safe; {@link CodecPool} lends it out.
 */
final class BlobCodec implements AutoCloseable {
  static final int CHUNK = 1;
  static final int NODE = 2;
  static final int TAG_BYTES = 16;

  /**
   * The runtime compiles its fast AES-GCM code by the number of calls, not by bytes: one call per
   * chunk stays slow for a whole backup, slices of this size do not.
   */
  private static final int SLICE_BYTES = 8 << 10;

  private static final byte[] ZEROS = new byte[RepositorySettings.CHUNK_BYTES_MAX];

  private final Keys keys;
  private final Mac chunkMac;
  private final Mac nodeMac;
  private final Cipher cipher;
  private final ZstdCompressCtx compress;
  private final ZstdDecompressCtx decompress;
  private final byte[] additional = new byte[1 + Ref.ID_BYTES + 4 + 4];
  private final byte[] nonce = new byte[12];
  private byte[] packed = new byte[0];
  private byte[] sealed = new byte[0];
  private byte[] chunk = new byte[0];

  BlobCodec(Keys keys) {
    this.keys = keys;
    try {
      chunkMac = Mac.getInstance("HmacSHA256");
      chunkMac.init(keys.chunkKey());
      nodeMac = Mac.getInstance("HmacSHA256");
      nodeMac.init(keys.nodeKey());
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw Hkdf.noAlgorithm(e);
    }
    compress = new ZstdCompressCtx();
    compress.setLevel(1);
    compress.setChecksum(false);
    compress.setContentSize(false);
    decompress = new ZstdDecompressCtx();
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
    chunkMac.update(data, offset, length);
    mac(chunkMac, id);
  }

  /** Id of a node over its level, its bitmap and its children's ids. */
  byte[] nodeId(byte[] identity) {
    byte[] id = new byte[Ref.ID_BYTES];
    nodeMac.update(identity);
    mac(nodeMac, id);
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
  byte[] sealedBuffer(int length) {
    if (sealed.length < length) {
      sealed = new byte[length];
    }
    return sealed;
  }

  /**
   * Compresses where that saves a sixteenth, seals into {@code out} at {@code offset}, which is
   * also the offset in the pack.
   */
  Location seal(
      PackId pack, int kind, byte[] id, byte[] raw, int rawBytes, byte[] out, int offset) {
    int packedBytes = kind == CHUNK ? compress(raw, rawBytes) : rawBytes;
    boolean smaller = packedBytes < rawBytes;
    int sealedBytes = (smaller ? packedBytes : rawBytes) + TAG_BYTES;
    int field = smaller ? sealedBytes | Location.COMPRESSED : sealedBytes;
    Location at = new Location(pack, offset, field, rawBytes);
    try {
      start(Cipher.ENCRYPT_MODE, kind, id, at);
      byte[] from = smaller ? packed : raw;
      int length = sealedBytes - TAG_BYTES;
      int done = 0;
      int written = offset;
      while (length - done > SLICE_BYTES) {
        written += cipher.update(from, done, SLICE_BYTES, out, written);
        done += SLICE_BYTES;
      }
      cipher.doFinal(from, done, length - done, out, written);
    } catch (GeneralSecurityException e) {
      throw Hkdf.noAlgorithm(e);
    }
    return at;
  }

  /**
   * Opens a blob whose sealed bytes are in {@code in} at {@code from}, into {@code out}.
   *
   * @return false where the bytes are not what was sealed there under that id
   */
  boolean open(int kind, byte[] id, Location at, byte[] in, int from, byte[] out, int to) {
    try {
      start(Cipher.DECRYPT_MODE, kind, id, at);
      if (!at.compressed()) {
        return cipher.doFinal(in, from, at.sealedBytes(), out, to) == at.rawBytes();
      }
      byte[] target = packedBuffer(at.sealedBytes());
      int length = cipher.doFinal(in, from, at.sealedBytes(), target, 0);
      return decompress.decompressByteArray(out, to, at.rawBytes(), target, 0, length)
          == at.rawBytes();
    } catch (AEADBadTagException | ZstdException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw Hkdf.noAlgorithm(e);
    }
  }

  @Override
  public void close() {
    compress.close();
    decompress.close();
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

  private void start(int mode, int kind, byte[] id, Location at) throws GeneralSecurityException {
    ByteBuffer.wrap(nonce).putInt(at.offset()).put(id, 0, 8);
    ByteBuffer.wrap(additional)
        .put((byte) kind)
        .put(id, 0, Ref.ID_BYTES)
        .putInt(at.sealedField())
        .putInt(at.rawBytes());
    cipher.init(mode, keys.packKey(at.pack()), new GCMParameterSpec(128, nonce));
    cipher.updateAAD(additional);
  }

  private static void mac(Mac mac, byte[] id) {
    try {
      mac.doFinal(id, 0);
    } catch (GeneralSecurityException e) {
      throw Hkdf.noAlgorithm(e);
    }
  }
}
