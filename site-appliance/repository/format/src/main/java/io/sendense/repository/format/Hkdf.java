package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/** HKDF-SHA256 (RFC 5869) to 32 bytes. */
final class Hkdf {
  private Hkdf() {}

  static byte[] derive(byte[] key, byte[] salt, byte[] info) {
    return derive(key, salt, info, 32);
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
