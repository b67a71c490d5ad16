package io.sendense.controllink;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ECParameters;

/** Works out the public key of a private key on P-256, so that only the private one is kept. */
final class PublicHalf {
  private static final X9ECParameters P256 = ECNamedCurveTable.getByName("secp256r1");

  private PublicHalf() {}

  static PublicKey of(PrivateKey key) {
    if (!(key instanceof ECPrivateKey ec)) {
      throw new IllegalArgumentException("not a key on P-256");
    }
    org.bouncycastle.math.ec.ECPoint point = P256.getG().multiply(ec.getS()).normalize();
    BigInteger x = point.getAffineXCoord().toBigInteger();
    BigInteger y = point.getAffineYCoord().toBigInteger();
    try {
      return KeyFactory.getInstance("EC")
          .generatePublic(new ECPublicKeySpec(new ECPoint(x, y), ec.getParams()));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a key on P-256", e);
    }
  }
}
