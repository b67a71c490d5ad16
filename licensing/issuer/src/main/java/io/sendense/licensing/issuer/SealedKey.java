package io.sendense.licensing.issuer;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;

/**
 * A private key as the bytes of a file: PKCS#8, encrypted under a passphrase (PBES2, PBKDF2 with
 * HMAC-SHA-512, AES-256) or plain, where the file's mode alone protects it.
 */
final class SealedKey {
  private static final String SCHEME = "PBEWithHmacSHA512AndAES_256";

  /** OWASP's figure for PBKDF2 with HMAC-SHA-512 (2023). */
  private static final int ITERATIONS = 210_000;

  private static final int SALT_BYTES = 16;

  private SealedKey() {}

  /**
   * @param passphrase empty = plain
   */
  static byte[] seal(RSAPrivateCrtKey key, char[] passphrase, SecureRandom random) {
    byte[] plain = key.getEncoded();
    if (passphrase.length == 0) {
      return plain;
    }
    try {
      byte[] salt = new byte[SALT_BYTES];
      random.nextBytes(salt);
      Cipher cipher = Cipher.getInstance(SCHEME);
      cipher.init(
          Cipher.ENCRYPT_MODE,
          SecretKeyFactory.getInstance(SCHEME).generateSecret(new PBEKeySpec(passphrase)),
          new PBEParameterSpec(salt, ITERATIONS),
          random);
      // The cipher's own name has no object identifier; in a file the scheme is PBES2 (RFC 8018).
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
      parameters.init(cipher.getParameters().getEncoded());
      return new EncryptedPrivateKeyInfo(parameters, cipher.doFinal(plain)).getEncoded();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this Java platform cannot encrypt a key", e);
    }
  }

  static RSAPrivateCrtKey open(byte[] sealed, char[] passphrase, String file) {
    try {
      PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(sealed);
      if (passphrase.length > 0) {
        EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(sealed);
        Cipher cipher = Cipher.getInstance(SCHEME);
        cipher.init(
            Cipher.DECRYPT_MODE,
            SecretKeyFactory.getInstance(SCHEME).generateSecret(new PBEKeySpec(passphrase)),
            encrypted.getAlgParameters());
        spec = encrypted.getKeySpec(cipher);
      }
      return (RSAPrivateCrtKey) KeyFactory.getInstance("RSA").generatePrivate(spec);
    } catch (GeneralSecurityException | IOException | ClassCastException e) {
      throw new SendenseException(
          ErrorCode.WRONG_KEY,
          "the licence signing key in " + file + " cannot be opened with this passphrase",
          "Give the passphrase it was made with, or none if it was made without.",
          e);
    }
  }

  static RSAPublicKey publicHalf(RSAPrivateCrtKey key) {
    try {
      return (RSAPublicKey)
          KeyFactory.getInstance("RSA")
              .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform cannot read RSA keys", e);
    }
  }
}
