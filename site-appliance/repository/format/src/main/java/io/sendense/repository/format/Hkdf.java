package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/** HKDF-SHA256 (RFC 5869) to 32 bytes. */
final class Hkdf {
  private static final int HASH_BYTES = 32;

  private Hkdf() {}

  /** By the system's libcrypto where there is one: two calls for every object that is opened. */
  static byte[] derive(byte[] key, byte[] salt, byte[] info) {
    Optional<LibCryptoShort> fast = LibCryptoCalls.INSTANCE.map(LibCryptoCalls::shortly);
    if (fast.isEmpty()) {
      return derive(key, salt, info, HASH_BYTES);
    }
    // RFC 5869 2.2: no salt is as many zeros as the hash is long.
    byte[] extracted = fast.get().hmac(salt.length == 0 ? new byte[HASH_BYTES] : salt, key);
    byte[] block = Arrays.copyOf(info, info.length + 1);
    block[info.length] = 1;
    byte[] derived = fast.get().hmac(extracted, block);
    Arrays.fill(extracted, (byte) 0);
    return derived;
  }

  /**
   * @param salt empty for none
   */
  static byte[] derive(byte[] key, byte[] salt, byte[] info, int length) {
    try {
      HKDFParameterSpec.Builder extract = HKDFParameterSpec.ofExtract().addIKM(key);
      if (salt.length > 0) {
        extract.addSalt(salt);
      }
      return KDF.getInstance("HKDF-SHA256").deriveData(extract.thenExpand(info, length));
    } catch (GeneralSecurityException e) {
      throw noAlgorithm(e);
    }
  }

  static byte[] info(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static SendenseException noAlgorithm(GeneralSecurityException why) {
    return new SendenseException(
        ErrorCode.INTERNAL, "this Java runtime lacks an algorithm", "Use a complete JDK 25.", why);
  }
}
