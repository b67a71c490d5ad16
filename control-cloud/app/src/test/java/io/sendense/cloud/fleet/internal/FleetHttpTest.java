package io.sendense.cloud.fleet.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.cloud.CloudUnderTest;
import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.cloud.CloudUnderTest.Tenant;
import io.sendense.domain.SendenseException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Enrolment tokens and appliances as people handle them, with appliances that really call. */
@Tag("server")
class FleetHttpTest {
  private static CloudUnderTest cloud;
  private static Tenant tenant;
  private static String customer;
  private static String tokens;

  @BeforeAll
  static void aTenant() {
    cloud = CloudUnderTest.get();
    tenant = cloud.newTenant("fleet");
    customer = "/customers/" + tenant.customer();
    tokens = customer + "/sites/" + tenant.site() + "/enrolment-tokens";
    assertThat(
            cloud
                .call(
                    "POST",
                    customer + "/licence",
                    tenant.mspToken(),
                    Map.of("edition", "backup", "maxVms", 5, "validTo", "2030-01-01T00:00:00Z"))
                .status())
        .isEqualTo(201);
  }

  @Test
  void aTokensSecretIsShownOnceAndItsUseIsSeen() throws Exception {
    Map<String, String> key = Map.of("Idempotency-Key", "fleet-token-1");
    Answer made = cloud.call("POST", tokens, tenant.mspToken(), Map.of(), key);
    Answer again = cloud.call("POST", tokens, tenant.mspToken(), Map.of(), key);
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    assertThat(again.at("token.id")).isEqualTo(made.at("token.id"));
    assertThat(again.json().has("secret")).isFalse();
    assertThat(listed(made.at("token.id")).path("state").asString()).isEqualTo("open");
    try (LinkedAppliance appliance = LinkedAppliance.enrol(cloud, "one", made.at("secret"))) {
      JsonNode used = listed(made.at("token.id"));
      assertThat(used.path("state").asString()).isEqualTo("used");
      assertThat(used.path("applianceId").asString()).isEqualTo(appliance.id().toString());
      assertThat(cloud.get(tokens, tenant.mspToken()).text()).doesNotContain(made.at("secret"));
    }
  }

  @ParameterizedTest
  @CsvSource({"validSeconds, 0", "validSeconds, 2592001", "approval, perhaps"})
  void aTokenThatCannotBeIsRefusedByItsField(String field, String value) {
    Object given = value.matches("\\d+") ? Long.valueOf(value) : value;
    Answer answer = cloud.call("POST", tokens, tenant.mspToken(), Map.of(field, given));
    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo(field);
  }

  @Test
  void aPersonLetsAnApplianceInAndShutsItOutForGood() throws Exception {
    String secret =
        cloud.call("POST", tokens, tenant.mspToken(), Map.of("approval", "manual")).at("secret");
    Path folder = LinkedAppliance.newFolder();
    assertThatThrownBy(() -> LinkedAppliance.enrol(cloud, folder, "guarded", secret))
        .isInstanceOf(SendenseException.class)
        .hasMessageContaining("waits for approval");
    String path = customer + "/appliances/" + byName("guarded").path("id").asString();
    Answer approved = cloud.call("POST", path + "/approve", tenant.customerToken(), "");
    assertThat(approved.at("state")).isEqualTo("active");
    assertThat(approved.at("health")).isEqualTo("unknown");
    try (LinkedAppliance appliance = LinkedAppliance.enrol(cloud, folder, "guarded", secret)) {
      assertThat(appliance.lease().lease()).isNotEmpty();
      appliance.report(List.of(), List.of(), List.of());
      Answer seen = cloud.get(path, tenant.customerToken());
      assertThat(seen.at("health")).isEqualTo("ok");
      assertThat(seen.at("version")).isEqualTo("1.0-test");
      assertThat(seen.at("lastSeenAt")).isNotEmpty();
      assertThat(seen.at("certificateExpiresAt")).isNotEmpty();
      Answer banned =
          cloud.call("POST", path + "/ban", tenant.mspToken(), Map.of("reason", "was sold"));
      assertThat(banned.at("state")).isEqualTo("banned");
      assertThatThrownBy(() -> appliance.report(List.of(), List.of(), List.of()))
          .isInstanceOf(SendenseException.class)
          .hasMessageContaining("banned");
    }
    Answer back = cloud.call("POST", path + "/approve", tenant.mspToken(), "");
    assertThat(back.status()).isEqualTo(409);
    assertThat(back.at("detail")).contains("stays so");
    assertThat(cloud.get("/audit-entries", tenant.mspToken()).text())
        .contains("appliance.approve")
        .contains("appliance.ban")
        .contains("was sold");
  }

  @Test
  void aBanNeedsAReasonAndAnApplianceThatIsThere() {
    String path = customer + "/appliances/" + UUID.randomUUID();
    assertThat(cloud.get(path, tenant.mspToken()).status()).isEqualTo(404);
    assertThat(cloud.call("POST", path + "/approve", tenant.mspToken(), "").status())
        .isEqualTo(404);
    assertThat(
            cloud
                .call("POST", path + "/ban", tenant.mspToken(), Map.of("reason", "long enough"))
                .status())
        .isEqualTo(404);
    Answer silent = cloud.call("POST", path + "/ban", tenant.mspToken(), Map.of());
    assertThat(silent.status()).isEqualTo(400);
    assertThat(silent.json().at("/errors/0/field").asString()).isEqualTo("reason");
    assertThat(cloud.get(customer + "/appliances/no-uuid", tenant.mspToken()).status())
        .isEqualTo(400);
  }

  private static JsonNode listed(String tokenId) {
    return found(cloud.get(tokens, tenant.mspToken()), "id", tokenId);
  }

  private static JsonNode byName(String name) {
    return found(cloud.get("/appliances", tenant.mspToken()), "name", name);
  }

  private static JsonNode found(Answer page, String field, String value) {
    return page.json()
        .path("items")
        .valueStream()
        .filter(item -> item.path(field).asString().equals(value))
        .findFirst()
        .orElseThrow();
  }
}
