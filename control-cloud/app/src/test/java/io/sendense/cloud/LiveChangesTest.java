package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.cloud.CloudUnderTest.Tenant;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Live changes pass no database, and must keep tenants apart all the same. */
@Tag("server")
class LiveChangesTest {
  private static CloudUnderTest cloud;
  private static Tenant a;
  private static Tenant b;
  private static String secondCustomerOfA;

  @BeforeAll
  static void tenants() {
    cloud = CloudUnderTest.get();
    a = cloud.newTenant("live-a");
    b = cloud.newTenant("live-b");
    Answer second =
        cloud.call(
            "POST", "/customers", a.mspToken(), CloudUnderTest.creation("Second", "live-second"));
    secondCustomerOfA =
        cloud.token(second.at("credentials.clientId"), second.at("credentials.clientSecret"));
  }

  /**
   * Changes arrive in the order of their commits, so whoever was told of B's change would have been
   * told of A's before it.
   */
  @Test
  void aTenantHearsItsOwnChangesAndNeverThoseOfAnother() {
    try (EventStream mspA = cloud.events(a.mspToken());
        EventStream customerA = cloud.events(a.customerToken());
        EventStream mspB = cloud.events(b.mspToken());
        EventStream customerB = cloud.events(b.customerToken())) {
      String siteA = site(a);
      String siteB = site(b);
      mspA.await(event -> is(event, siteA));
      customerA.await(event -> is(event, siteA));
      mspB.await(event -> is(event, siteB));
      customerB.await(event -> is(event, siteB));
      assertThat(mspB.seen()).noneMatch(event -> of(event, a));
      assertThat(customerB.seen()).noneMatch(event -> of(event, a));
      site(a);
      String last = site(a);
      mspA.await(event -> is(event, last));
      customerA.await(event -> is(event, last));
      assertThat(mspA.seen()).hasSizeGreaterThanOrEqualTo(3).allMatch(event -> of(event, a));
      assertThat(customerA.seen()).hasSizeGreaterThanOrEqualTo(3).allMatch(event -> of(event, a));
    }
  }

  @Test
  void aCustomerOfTheSameMspIsAnotherTenantToo() {
    try (EventStream second = cloud.events(secondCustomerOfA)) {
      site(a);
      String id = cloud.get("/customers", secondCustomerOfA).json().at("/items/0/id").asString();
      Answer own =
          cloud.call(
              "POST", "/customers/" + id + "/sites", secondCustomerOfA, Map.of("name", "Own"));
      second.await(event -> is(event, own.at("id")));
      assertThat(second.seen()).allMatch(event -> event.path("customerId").asString().equals(id));
    }
  }

  @Test
  void aStreamEndsWithItsToken() {
    String token = b.mspToken();
    String claims =
        new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
    long expires = JsonMapper.builder().build().readTree(claims).path("exp").asLong();
    Duration left = Duration.between(Instant.now(), Instant.ofEpochSecond(expires));
    cloud.putClockAhead(left.minusSeconds(2));
    try (EventStream stream = cloud.events(token)) {
      stream.awaitEnd();
    } finally {
      cloud.putClockAhead(Duration.ZERO);
    }
  }

  @Test
  void withoutATokenThereIsNoStream() {
    assertThat(cloud.get("/events", "").status()).isEqualTo(401);
  }

  private static boolean is(JsonNode event, String id) {
    return event.path("id").asString().equals(id);
  }

  private static boolean of(JsonNode event, Tenant tenant) {
    return event.path("customerId").asString().equals(tenant.customer().toString());
  }

  private static String site(Tenant tenant) {
    Answer site =
        cloud.call(
            "POST",
            "/customers/" + tenant.customer() + "/sites",
            tenant.mspToken(),
            Map.of("name", "Site " + java.util.UUID.randomUUID()));
    assertThat(site.status()).as(site.text()).isEqualTo(201);
    return site.at("id");
  }
}
