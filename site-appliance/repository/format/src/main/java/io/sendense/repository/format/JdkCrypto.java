package io.sendense.repository.format;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** {@link BulkCrypto} by the JDK's own providers. */
final class JdkCrypto implements BulkCrypto {
  /**
   * The runtime compiles its fast AES-GCM code by the number of calls, not by bytes: one call per
   * chunk stays slow for a whole backup, slices of this size do not.
   */
  private static final int SLICE_BYTES = 8 << 10;

  private final Cipher cipher;
  private final MessageDigest digest = BlobCodec.sha256();

  JdkCrypto() {
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw Hkdf.noAlgorithm(e);
    }
  }

  @Override
  public KeyedHash keyedHash(byte[] key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return (data, offset, length, out) -> {
        mac.update(data, offset, length);
        try {
          mac.doFinal(out, 0);
        } catch (GeneralSecurityException e) {
          throw Hkdf.noAlgorithm(e);
        }
      };
    } catch (GeneralSecurityException e) {
      throw Hkdf.noAlgorithm(e);
    }
  }

  @Override
  public void sha256(byte[] data, int offset, int length, byte[] out, int to) {
    digest.update(data, offset, length);
    System.arraycopy(digest.digest(), 0, out, to, HASH_BYTES);
  }

  @Override
  public void sha256(byte[] data, int offset, int length, byte[] out, int to, byte[] whole) {
    digest.update(data, offset, length);
    try {
      MessageDigest second = (MessageDigest) digest.clone();
      System.arraycopy(digest.digest(), 0, out, to, HASH_BYTES);
      second.update(out, to, HASH_BYTES);
      System.arraycopy(second.digest(), 0, whole, 0, HASH_BYTES);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("this runtime's SHA-256 cannot be copied", e);
    }
  }

  @Override
  public void seal(Sealing with, byte[] in, int from, int length, byte[] out, int to) {
    try {
      start(Cipher.ENCRYPT_MODE, with);
      int done = 0;
      int written = to;
      while (length - done > SLICE_BYTES) {
        written += cipher.update(in, from + done, SLICE_BYTES, out, written);
        done += SLICE_BYTES;
      }
      cipher.doFinal(in, from + done, length - done, out, written);
    } catch (GeneralSecurityException e) {
      throw Hkdf.noAlgorithm(e);
    }
  }

  @Override
  public boolean open(Sealing with, byte[] in, int from, int length, byte[] out, int to) {
    try {
      start(Cipher.DECRYPT_MODE, with);
      return cipher.doFinal(in, from, length, out, to) == length - TAG_BYTES;
    } catch (AEADBadTagException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw Hkdf.noAlgorithm(e);
    }
  }

  @Override
  public boolean open(Sealing with, byte[] in, int from, int length, ByteBuffer out) {
    byte[] opened = new byte[Math.max(0, length - TAG_BYTES)];
    if (!open(with, in, from, length, opened, 0)) {
      return false;
    }
    out.put(out.position(), opened);
    return true;
  }

  @Override
  public void close() {
    // Nothing outside the heap.
  }

  private void start(int mode, Sealing with) throws GeneralSecurityException {
    cipher.init(
        mode, new SecretKeySpec(with.key(), "AES"), new GCMParameterSpec(128, with.nonce()));
    cipher.updateAAD(with.additional());
  }
}
