package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.cloud.CloudUnderTest.Tenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tokens, repeated requests, bad input and the audit chain, over HTTP. */
@Tag("server")
class ApiBehaviourTest {
  private static CloudUnderTest cloud;
  private static Tenant tenant;

  @BeforeAll
  static void aTenant() {
    cloud = CloudUnderTest.get();
    tenant = cloud.newTenant("gamma");
  }

  @Test
  void anExpiredTokenIsRefusedAndSaysSo() {
    String token = tenant.mspToken();
    assertThat(cloud.get("/me", token).status()).isEqualTo(200);
    cloud.putClockAhead(Duration.ofHours(1));
    try {
      Answer answer = cloud.get("/me", token);
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.at("code")).isEqualTo("SD-1004");
      assertThat(answer.at("detail")).contains("expired");
    } finally {
      cloud.putClockAhead(Duration.ZERO);
    }
  }

  @Test
  void aTokenSignedByAnotherKeyIsRefused() throws JOSEException {
    SignedJWT forged =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("forged").build(),
            new JWTClaimsSet.Builder()
                .issuer(cloud.keycloak().issuer().toString())
                .audience("sendense-api")
                .subject("somebody")
                .claim("roles", List.of("msp-admin"))
                .claim("msp_id", tenant.msp().toString())
                .expirationTime(Date.from(Instant.parse("2100-01-01T00:00:00Z")))
                .build());
    forged.sign(new RSASSASigner(new RSAKeyGenerator(2048).generate()));
    assertThat(cloud.get("/customers", forged.serialize()).status()).isEqualTo(401);
  }

  @Test
  void aTokenForAnotherAudienceIsRefused() {
    // The control plane's own client has rights in Keycloak and none here.
    String token = cloud.token("sendense-control-plane", cloud.keycloak().controlPlaneSecret());
    Answer answer = cloud.get("/me", token);
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.at("detail")).contains("aud");
  }

  @Test
  void aTokenOfAnotherIssuerIsRefused() {
    // The same server and a valid token, but of the realm "master".
    String token = cloud.masterToken();
    assertThat(token).isNotEmpty();
    assertThat(cloud.get("/me", token).status()).isEqualTo(401);
  }

  @Test
  void everyFindingComesAtOnceAndNothingIsCreated() {
    Answer answer =
        cloud.call(
            "POST",
            "/customers/" + tenant.customer() + "/policies",
            tenant.mspToken(),
            Map.of("name", "", "vmIds", List.of("no"), "intervalSeconds", 0, "repository", "?"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.headers().get("content-type")).containsExactly("application/problem+json");
    assertThat(answer.json().path("errors").valueStream().map(e -> e.path("field").asString()))
        .containsExactlyInAnyOrder(
            "name", "vmIds[0]", "intervalSeconds", "repository", "retention.keepLast");
    assertThat(cloud.get("/policies", tenant.mspToken()).json().path("items").size()).isZero();
  }

  @Test
  void termsOfAPolicyOutsideTheirBoundsAreAllNamed() {
    Answer answer =
        cloud.call(
            "POST",
            "/customers/" + tenant.customer() + "/policies",
            tenant.mspToken(),
            Map.of(
                "retention",
                Map.of("keepLast", 5_000_000_000L, "keepDaily", -1, "timeZone", "Mars/Olympus"),
                "megabytesPerSecond",
                0,
                "immutability",
                Map.of("mode", "forever", "days", 4000)));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("errors").valueStream().map(e -> e.path("field").asString()))
        .contains(
            "retention.keepLast",
            "retention.keepDaily",
            "retention.timeZone",
            "megabytesPerSecond",
            "immutability.mode",
            "immutability.days");
  }

  @Test
  void anUnknownFieldABrokenBodyAndABadIdentifierAre400() {
    String path = "/customers/" + tenant.customer() + "/sites";
    String token = tenant.mspToken();
    assertThat(cloud.call("POST", path, token, Map.of("name", "x", "nmae", "y")).status())
        .isEqualTo(400);
    assertThat(cloud.call("POST", path, token, "{\"name\":", Map.of()).status()).isEqualTo(400);
    assertThat(cloud.get("/customers/1-1-1-1-1", token).status()).isEqualTo(400);
    assertThat(cloud.get("/sites?limit=0", token).status()).isEqualTo(400);
  }

  @Test
  void theSameKeyGivesTheSameAnswerOnceAndAnotherRequestIsAConflict() {
    String path = "/customers/" + tenant.customer() + "/sites";
    Map<String, String> key = Map.of("Idempotency-Key", "site-key-0001");
    Answer first = cloud.call("POST", path, tenant.mspToken(), Map.of("name", "Once"), key);
    Answer again = cloud.call("POST", path, tenant.mspToken(), Map.of("name", "Once"), key);
    assertThat(first.status()).isEqualTo(201);
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.headers()).containsKey("idempotency-replayed");
    assertThat(again.at("id")).isEqualTo(first.at("id"));
    Answer other = cloud.call("POST", path, tenant.mspToken(), Map.of("name", "Twice"), key);
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.at("code")).isEqualTo("SD-1005");
    Answer anotherCaller =
        cloud.call("POST", path, tenant.customerToken(), Map.of("name", "Mine"), key);
    assertThat(anotherCaller.status()).as("keys are each caller's own").isEqualTo(201);
  }

  @Test
  void aSecretIsShownOnceAndAFailedRequestLeavesNoAccount() {
    Map<String, String> key = Map.of("Idempotency-Key", "customer-key-1");
    Object body = CloudUnderTest.creation("Shown once", "shown-once");
    Answer first = cloud.call("POST", "/customers", tenant.mspToken(), body, key);
    Answer again = cloud.call("POST", "/customers", tenant.mspToken(), body, key);
    assertThat(first.at("credentials.clientSecret")).isNotEmpty();
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.json().has("credentials")).isFalse();
    Answer taken =
        cloud.call(
            "POST",
            "/customers",
            tenant.mspToken(),
            CloudUnderTest.creation("Other", "shown-once"));
    assertThat(taken.status()).isEqualTo(409);
    assertThat(taken.text()).contains("shown-once");
    Answer retried =
        cloud.call(
            "POST",
            "/customers",
            tenant.mspToken(),
            CloudUnderTest.creation("Other", "another-name"));
    assertThat(retried.status()).as(retried.text()).isEqualTo(201);
  }

  @Test
  void tamperingWithTheAuditLogIsFoundEvenByTheDatabasesOwner() throws SQLException {
    Tenant own = cloud.newTenant("delta");
    String path = "/msps/" + own.msp() + "/audit-verification";
    Answer before = cloud.get(path, own.mspToken());
    assertThat(before.at("intact")).isEqualTo("true");
    assertThat(before.json().path("entries").asLong()).isEqualTo(3);
    tamper(
        "update audit.entry set actor = 'nobody' where sequence = 2 and msp_id = '"
            + own.msp()
            + "'");
    Answer changed = cloud.get(path, own.mspToken());
    assertThat(changed.at("intact")).isEqualTo("false");
    assertThat(changed.json().path("firstBadSequence").asLong()).isEqualTo(2);
    tamper("delete from audit.entry where sequence = 3 and msp_id = '" + own.msp() + "'");
    tamper(
        "update audit.entry set actor = 'service-account-svc-delta-msp' where sequence = 2 and msp_id = '"
            + own.msp()
            + "'");
    Answer cut = cloud.get(path, own.mspToken());
    assertThat(cut.json().path("firstBadSequence").asLong()).as(cut.text()).isEqualTo(3);
  }

  private static void tamper(String sql) throws SQLException {
    try (Connection owner = cloud.owner();
        Statement statement = owner.createStatement()) {
      statement.addBatch("alter table audit.entry no force row level security");
      statement.addBatch(sql);
      statement.addBatch("alter table audit.entry force row level security");
      int[] counts = statement.executeBatch();
      assertThat(counts[1]).as("rows tampered with").isEqualTo(1);
    }
  }
}
