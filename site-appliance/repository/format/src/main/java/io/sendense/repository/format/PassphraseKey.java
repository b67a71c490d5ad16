package io.sendense.repository.format;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * PBKDF2-HMAC-SHA512 of a passphrase. Every command waits for it before it can read anything, so
 * the system's libcrypto does the hashing where there is one.
 */
final class PassphraseKey {
  private PassphraseKey() {}

  static void warmUp() {
    derive(new byte[0], new byte[1], 1);
  }

  /**
   * @param passphrase in UTF-8
   */
  static byte[] derive(byte[] passphrase, byte[] salt, int iterations) {
    Optional<LibCryptoPassphrase> fast = LibCryptoPassphrase.INSTANCE;
    return fast.isPresent() && salt.length <= PassphraseHash.SALT_BYTES_MAX
        ? PassphraseHash.derive(fast.get(), passphrase, salt, iterations, Keys.KEY_BYTES)
        : byJdk(passphrase, salt, iterations);
  }

  static byte[] byJdk(byte[] passphrase, byte[] salt, int iterations) {
    char[] text = new String(passphrase, StandardCharsets.UTF_8).toCharArray();
    PBEKeySpec spec = new PBEKeySpec(text, salt, iterations, Keys.KEY_BYTES * 8);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw Hkdf.noAlgorithm(e);
    } finally {
      spec.clearPassword();
      Arrays.fill(text, '\0');
    }
  }
}
