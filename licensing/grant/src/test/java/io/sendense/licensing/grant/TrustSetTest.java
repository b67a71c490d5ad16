package io.sendense.licensing.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.RSAKey;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrustSetTest {
  @Test
  void setSurvivesItsJsonForm() {
    TrustSet trust = TestIssuer.TRUSTED.trust();
    assertThat(TrustSet.parse(trust.toJwkSet()).keyIds()).isEqualTo(trust.keyIds());
  }

  @Test
  void shortKeyIsRefused() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    RSAPublicKey key = (RSAPublicKey) generator.generateKeyPair().getPublic();
    assertThatThrownBy(() -> TrustSet.of(List.of(key))).hasMessageContaining("4096");
  }

  @Test
  void keyUnderAnotherIdIsRefused() {
    String set = TestIssuer.TRUSTED.trust().toJwkSet();
    String renamed = set.replace(TestIssuer.TRUSTED.keyId(), "somebody-else");
    assertThat(renamed).isNotEqualTo(set);
    assertThatThrownBy(() -> TrustSet.parse(renamed)).hasMessageContaining("thumbprint");
  }

  /** The example of RFC 7638, section 3.1. */
  @Test
  void keyIdIsTheThumbprintOfRfc7638() throws Exception {
    String n =
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECP"
            + "ebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2Qvz"
            + "qY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6We"
            + "Zu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    RSAPublicKey key =
        RSAKey.parse("{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" + n + "\"}").toRSAPublicKey();
    assertThat(TrustSet.keyId(key)).isEqualTo("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
  }
}
