package io.sendense.licensing.issuer;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/** The one signature scheme of licences (RFC 7518, section 3.5), and its keys. */
final class Ps512 {
  private static final int KEY_BITS = 4096;
  private static final int SALT_BYTES = 64;

  private Ps512() {}

  static KeyPair newKey(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(new RSAKeyGenParameterSpec(KEY_BITS, RSAKeyGenParameterSpec.F4), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform cannot make RSA keys", e);
    }
  }

  static byte[] sign(PrivateKey key, byte[] input, SecureRandom random) {
    try {
      Signature signer = Signature.getInstance("RSASSA-PSS");
      signer.setParameter(
          new PSSParameterSpec(
              "SHA-512",
              "MGF1",
              MGF1ParameterSpec.SHA512,
              SALT_BYTES,
              PSSParameterSpec.TRAILER_FIELD_BC));
      signer.initSign(key, random);
      signer.update(input);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing with an RSA key failed", e);
    }
  }
}
