package io.sendense.licensing.grant;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** The signature check of licences, against every RSA-4096 PSS vector. */
@NullUnmarked
class WycheproofTest {
  private static final JWSHeader PS512 = new JWSHeader(JWSAlgorithm.PS512);

  @Test
  void everyPs512VerdictAgrees() throws Exception {
    int cases = agree("rsa_pss_4096_sha512_mgf1_64_test.json", true);
    assertThat(cases).isEqualTo(179);
  }

  /** PS512 fixes the salt at the length of the hash (RFC 7518, section 3.5). */
  @Test
  void signaturesWithAShorterSaltAreRefused() throws Exception {
    assertThat(agree("rsa_pss_4096_sha512_mgf1_32_test.json", false)).isEqualTo(177);
  }

  @Test
  void signaturesWithAnotherHashAreRefused() throws Exception {
    assertThat(agree("rsa_pss_4096_sha384_mgf1_48_test.json", false)).isEqualTo(141);
  }

  private static int agree(String file, boolean ours) throws Exception {
    int cases = 0;
    for (Object group : (List<?>) Vectors.read(file).get("testGroups")) {
      Map<?, ?> members = (Map<?, ?>) group;
      RSAPublicKey key =
          (RSAPublicKey)
              KeyFactory.getInstance("RSA")
                  .generatePublic(
                      new X509EncodedKeySpec(hex((String) members.get("publicKeyDer"))));
      for (Object test : (List<?>) members.get("tests")) {
        Map<?, ?> vector = (Map<?, ?>) test;
        assertThat(verify(key, vector))
            .as("case %s, %s", vector.get("tcId"), vector.get("comment"))
            .isEqualTo(ours && "valid".equals(vector.get("result")));
        cases++;
      }
    }
    return cases;
  }

  private static boolean verify(RSAPublicKey key, Map<?, ?> vector) {
    try {
      return new RSASSAVerifier(key)
          .verify(
              PS512,
              hex((String) vector.get("msg")),
              Base64URL.encode(hex((String) vector.get("sig"))));
    } catch (JOSEException e) {
      return false;
    }
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
