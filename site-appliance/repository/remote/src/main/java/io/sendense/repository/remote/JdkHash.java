package io.sendense.repository.remote;

import io.sendense.repository.spi.ObjectHash;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 by the JDK, which is slow until it is compiled. */
final class JdkHash implements ObjectHash {
  private final MessageDigest digest;

  JdkHash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

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
