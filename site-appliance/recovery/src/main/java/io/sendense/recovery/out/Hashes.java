package io.sendense.recovery.out;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The one hash that copies are compared by. */
final class Hashes {
  private Hashes() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
