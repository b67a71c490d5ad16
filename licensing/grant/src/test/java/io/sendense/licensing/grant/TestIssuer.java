package io.sendense.licensing.grant;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Signs whatever a test wants signed, with keys made for this run. */
final class TestIssuer {
  /** 4096-bit keys take seconds to make; one for all tests of a run, and one nobody trusts. */
  static final TestIssuer TRUSTED = new TestIssuer();

  static final TestIssuer STRANGER = new TestIssuer();

  private final KeyPair pair;

  TestIssuer() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(4096);
      pair = generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  TrustSet trust() {
    return TrustSet.of(List.of((RSAPublicKey) pair.getPublic()));
  }

  String keyId() {
    return TrustSet.keyId((RSAPublicKey) pair.getPublic());
  }

  String sign(Licence licence) {
    return sign(GrantFormat.licence(licence, keyId()));
  }

  String sign(Lease lease) {
    return sign(GrantFormat.lease(lease, keyId()));
  }

  String sign(UnsignedGrant unsigned) {
    try {
      Signature signer = Signature.getInstance("RSASSA-PSS");
      signer.setParameter(new PSSParameterSpec("SHA-512", "MGF1", MGF1ParameterSpec.SHA512, 64, 1));
      signer.initSign(pair.getPrivate());
      signer.update(unsigned.signingInput());
      return unsigned.signedWith(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** A genuine signature over a header or payload that no honest issuer would write. */
  String signChanged(UnsignedGrant grant, Map<String, ?> header, Map<String, ?> payload) {
    return sign(
        new UnsignedGrant(
            changed(grant.protectedHeader(), header), changed(grant.payload(), payload)));
  }

  private static String changed(String encoded, Map<String, ?> changes) {
    try {
      Map<String, Object> json =
          new LinkedHashMap<>(
              JSONObjectUtils.parse(
                  new String(new Base64URL(encoded).decode(), StandardCharsets.UTF_8)));
      changes.forEach(
          (name, value) -> {
            if (value.equals("<absent>")) {
              json.remove(name);
            } else {
              json.put(name, value);
            }
          });
      return Base64URL.encode(JSONObjectUtils.toJSONString(json)).toString();
    } catch (java.text.ParseException e) {
      throw new AssertionError(e);
    }
  }
}
