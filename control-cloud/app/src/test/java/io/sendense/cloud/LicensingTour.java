package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.cloud.CloudUnderTest.Tenant;
import io.sendense.domain.SendenseException;
import java.util.Map;
import org.assertj.core.api.Assertions;
import tools.jackson.databind.JsonNode;

/** A licence's whole life: trial, paid, up, down, suspended, resumed, renewed, revoked. */
final class LicensingTour implements Tour {
  @Override
  public void take(Walk walk, LivingTenant living) throws Exception {
    Tenant tenant = living.tenant();
    String licence = "/customers/" + tenant.customer() + "/licence";
    String token = tenant.mspToken();
    Answer up =
        walk.post(licence + "/change", token, Map.of("edition", "replication", "maxVms", 50));
    assertThat(up.at("cause")).isEqualTo("change");
    assertThat(up.at("validTo")).isEqualTo("2030-01-01T00:00:00Z");
    Answer down = walk.post(licence + "/change", token, Map.of("edition", "backup"));
    assertThat(down.at("maxVms")).isEqualTo("50");
    Answer longer =
        walk.post(licence + "/change", token, Map.of("validTo", "2030-06-01T00:00:00Z"));
    assertThat(longer.at("cause")).isEqualTo("renew");
    assertThat(walk.put(licence + "/renewal", token, Map.of("months", 12)).at("renewMonths"))
        .isEqualTo("12");
    suspended(walk, living, licence, token);
    Answer appliance =
        walk.post(
            licence,
            token,
            Map.of(
                "edition",
                "backup",
                "maxVms",
                5,
                "validTo",
                "2030-01-01T00:00:00Z",
                "applianceId",
                living.appliance().id().value(),
                "bindHardware",
                true,
                "transfers",
                1,
                "offlineDays",
                400));
    assertThat(appliance.json().has("boundComponents")).isFalse();
    living.appliance().lease();
    assertThat(walk.get(licence, token).at("boundComponents")).isEqualTo("2");
    assertThat(walk.post(licence + "/transfer", token, "").at("transfersLeft")).isEqualTo("0");
    assertThat(walk.cloud().call("POST", licence + "/transfer", token, "").status()).isEqualTo(409);
    walk.post(licence + "/revoke", token, Map.of("reason", "the contract ended"));
    Assertions.assertThatThrownBy(() -> living.appliance().lease())
        .isInstanceOf(SendenseException.class)
        .hasMessageContaining("the contract ended");
    JsonNode all = walk.get("/customers/" + tenant.customer() + "/licences", token).json();
    assertThat(all.path("items").path(0).path("state").asString()).isEqualTo("revoked");
    assertThat(all.path("items").size()).isGreaterThan(6);
    trialOnce(walk, tenant);
    LivingTenant.issueLicence(walk.cloud(), tenant, "enterprise");
    living.appliance().lease();
  }

  private static void suspended(Walk walk, LivingTenant living, String licence, String token)
      throws InterruptedException {
    Answer suspended = walk.post(licence + "/suspend", token, Map.of("reason", "not paid"));
    assertThat(suspended.at("state")).isEqualTo("suspended");
    assertThat(suspended.at("stateReason")).isEqualTo("not paid");
    Assertions.assertThatThrownBy(() -> living.appliance().lease())
        .isInstanceOf(SendenseException.class)
        .hasMessageContaining("not paid");
    Answer changed = walk.post(licence + "/change", token, Map.of("maxVms", 60));
    assertThat(changed.at("state")).as("a change lifts no suspension").isEqualTo("suspended");
    assertThat(walk.post(licence + "/resume", token, "").at("state")).isEqualTo("valid");
    living.appliance().lease();
  }

  /** The trial of another customer, so that what this one had stays as it was. */
  private static void trialOnce(Walk walk, Tenant tenant) {
    Answer customer =
        walk.post(
            "/customers", tenant.mspToken(), CloudUnderTest.creation("Tries it", "every-trial"));
    String licence = "/customers/" + customer.at("customer.id") + "/licence";
    String soon =
        java.time.Instant.now()
            .plus(java.time.Duration.ofDays(20))
            .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
            .toString();
    Map<String, Object> trial = Map.of("edition", "trial", "maxVms", 5, "validTo", soon);
    walk.post(licence, tenant.mspToken(), trial);
    Answer paid =
        walk.post(
            licence + "/change",
            tenant.mspToken(),
            Map.of("edition", "backup", "maxVms", 20, "validTo", "2030-01-01T00:00:00Z"));
    assertThat(paid.at("edition")).isEqualTo("backup");
    Answer again = walk.cloud().call("POST", licence, tenant.mspToken(), trial);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.at("detail")).contains("has had its trial");
  }
}
