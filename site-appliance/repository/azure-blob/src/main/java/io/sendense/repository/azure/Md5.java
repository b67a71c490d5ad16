package io.sendense.repository.azure;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The one hash that the service checks a put against; a guard of the line, not a proof. */
final class Md5 {
  private Md5() {}

  static byte[] of(byte[] content) {
    try {
      return MessageDigest.getInstance("MD5").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
