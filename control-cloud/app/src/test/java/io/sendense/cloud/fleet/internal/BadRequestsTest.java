package io.sendense.cloud.fleet.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
final class BadRequestsTest {
  @TempDir Path folder;
  private LinkFixture cloud;
  private String token;

  @BeforeEach
  void start() {
    cloud = new LinkFixture(folder);
    token = cloud.token(Duration.ofHours(1), false);
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  @Test
  void aRequestSignedWithAnotherKeyIsRefusedAndTheTokenStaysGood() throws Exception {
    KeyPair wanted = EstRequests.keys("EC", "secp256r1");
    KeyPair other = EstRequests.keys("EC", "secp256r1");
    refused(EstRequests.request(wanted, other, "one"), "its signature does not fit its key");
    assertThat(cloud.store.count()).isZero();

    byte[] honest = EstRequests.request(wanted, wanted, "one");
    assertThat(EstRequests.enrol(cloud, token, honest).statusCode()).isEqualTo(200);
  }

  @Test
  void aRequestThatWasChangedOnItsWayIsRefused() throws Exception {
    KeyPair keys = EstRequests.keys("EC", "secp256r1");
    byte[] changed = EstRequests.request(keys, keys, "site-one");
    int name = new String(changed, StandardCharsets.ISO_8859_1).indexOf("site-one");
    changed[name] = 'b';
    refused(changed, "its signature does not fit its key");
  }

  @Test
  void aKeyOfAnotherKindOrCurveIsRefused() throws Exception {
    KeyPair rsa = EstRequests.keys("RSA", "");
    refused(EstRequests.request(rsa, rsa, "one"), "its key is not on P-256");
    KeyPair big = EstRequests.keys("EC", "secp384r1");
    refused(EstRequests.request(big, big, "one"), "its key is not on P-256");
  }

  @Test
  void whatIsNoRequestAtAllIsRefusedInWords() throws Exception {
    refused(new byte[] {1, 2, 3}, "is not acceptable");
    refused(new byte[0], "is not acceptable");
    HttpResponse<String> text = EstRequests.enrol(cloud, token, "*** not base64 ***");
    assertThat(text.statusCode()).isEqualTo(400);
    HttpResponse<String> huge = EstRequests.enrol(cloud, token, "A".repeat(40_000));
    assertThat(huge.statusCode()).isEqualTo(400);
    assertThat(huge.body()).contains("it is longer than");
  }

  private void refused(byte[] der, String why) throws Exception {
    HttpResponse<String> answer = EstRequests.enrol(cloud, token, der);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    assertThat(answer.body())
        .contains("the certificate request is not acceptable")
        .contains(why)
        .contains("Send a PKCS#10 request on P-256 in base64, signed with its own key.")
        .doesNotContain(token);
  }
}
