package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.cloud.CloudUnderTest.Tenant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A policy meters by what was bought, never by more. */
@Tag("server")
class PolicyEditionTest {
  private static CloudUnderTest cloud;
  private static LivingTenant living;

  @BeforeAll
  static void aTenant() throws Exception {
    cloud = CloudUnderTest.get();
    living = LivingTenant.in(cloud, "editions");
  }

  @AfterAll
  static void close() {
    living.close();
  }

  @ParameterizedTest(name = "licence {0}, policy {1}: {2}")
  @CsvSource({
    "backup, enterprise, 403",
    "backup, backup, 201",
    "backup, community, 201",
    "enterprise, replication, 403",
    "replication, enterprise, 201",
    "community, backup, 403",
  })
  void aPolicyIsOfTheLicencesEditionOrALowerOne(String licence, String policy, int status) {
    assertThat(LivingTenant.issueLicence(cloud, living.tenant(), licence).status()).isEqualTo(201);
    String name = licence + " " + policy;
    Answer answer = create(living.tenant(), name, Optional.of(policy));
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    if (status == 403) {
      assertThat(answer.at("code")).isEqualTo("SD-6002");
      assertThat(answer.at("detail")).contains(policy).contains("edition " + licence);
      assertThat(answer.at("remedy")).contains(licence);
      assertThat(cloud.get("/policies", living.tenant().mspToken()).text())
          .doesNotContain("\"" + name + "\"");
    } else {
      assertThat(answer.at("edition")).isEqualTo(policy);
    }
  }

  @ParameterizedTest(name = "licence {0}: {1}")
  @CsvSource({"community, community", "backup, backup", "replication, backup"})
  void whoNamesNoEditionGetsTheUsualOne(String licence, String edition) {
    assertThat(LivingTenant.issueLicence(cloud, living.tenant(), licence).status()).isEqualTo(201);
    Answer answer = create(living.tenant(), "usual of " + licence, Optional.empty());
    assertThat(answer.at("edition")).as(answer.text()).isEqualTo(edition);
  }

  @Test
  void anEditionThatDoesNotExistIsAFinding() {
    Answer answer = create(living.tenant(), "golden", Optional.of("gold"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo("edition");
  }

  private static Answer create(Tenant tenant, String name, Optional<String> edition) {
    Map<String, Object> body = new HashMap<>(LivingTenant.policy(name, living.vm()));
    edition.ifPresent(word -> body.put("edition", word));
    return cloud.call(
        "POST", "/customers/" + tenant.customer() + "/policies", tenant.mspToken(), body);
  }
}
