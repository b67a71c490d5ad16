package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.cloud.CloudUnderTest.Tenant;
import io.sendense.cloud.notification.Alerts;
import io.sendense.domain.MspId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Alerts of a tenant whose appliance reports over the real link, by the API. */
@Tag("server")
class AlertsTest {
  private final CloudUnderTest cloud = CloudUnderTest.get();

  @Test
  void anAlertOpensOnceIsAnnouncedAcknowledgedEscalatedAndOver() throws Exception {
    try (LivingTenant living = LivingTenant.in(cloud, "watched");
        EventStream events = cloud.events(living.tenant().customerToken())) {
      Tenant tenant = living.tenant();
      evaluate(tenant);
      evaluate(tenant);
      assertThat(kinds(tenant, "state=open")).containsExactly("machine-unprotected");
      events.await(event -> event.path("type").asString().equals("alert"));
      String unprotected = id(tenant, "machine-unprotected");

      String customer = "/customers/" + tenant.customer();
      Answer policy =
          cloud.call(
              "POST",
              customer + "/policies",
              tenant.customerToken(),
              LivingTenant.policy("Hourly", living.vm()));
      assertThat(policy.status()).as(policy.text()).isEqualTo(201);
      evaluate(tenant);
      assertThat(kinds(tenant, "state=open")).isEmpty();
      Answer over = cloud.get(customer + "/alerts/" + unprotected, tenant.customerToken());
      assertThat(over.at("alert.state")).isEqualTo("resolved");
      assertThat(notes(over)).containsExactly("resolved", "opened");

      evaluate(tenant, Duration.ofHours(3));
      assertThat(kinds(tenant, "severity=critical&state=open"))
          .containsExactlyInAnyOrder("appliance-offline", "rpo-missed");
      String offline = id(tenant, "appliance-offline");
      String path = customer + "/alerts/" + offline;
      assertThat(cloud.call("POST", path + "/acknowledge", tenant.customerToken(), "").status())
          .isEqualTo(200);
      assertThat(
              cloud
                  .call(
                      "POST",
                      path + "/comments",
                      tenant.customerToken(),
                      Map.of("text", "The line is down."))
                  .status())
          .isEqualTo(201);
      evaluate(tenant, Duration.ofHours(8));
      Answer acknowledged = cloud.get(path, tenant.customerToken());
      assertThat(acknowledged.at("alert.state")).isEqualTo("acknowledged");
      assertThat(acknowledged.json().path("alert").has("escalatedAt")).isFalse();
      assertThat(notes(acknowledged)).containsExactly("commented", "acknowledged", "opened");
      Answer escalated =
          cloud.get(customer + "/alerts/" + id(tenant, "rpo-missed"), tenant.customerToken());
      assertThat(notes(escalated)).containsExactly("escalated", "opened");

      evaluate(tenant, Duration.ZERO);
      assertThat(cloud.get(path, tenant.customerToken()).at("alert.state")).isEqualTo("resolved");
      String audited = cloud.get("/audit-entries", tenant.mspToken()).text();
      assertThat(audited).contains("alert.acknowledged").contains("alert.commented");
    }
  }

  @Test
  void aRuleOfTheCustomerGoesBeforeTheMsps() throws Exception {
    try (LivingTenant living = LivingTenant.in(cloud, "ruled")) {
      Tenant tenant = living.tenant();
      String customer = "/customers/" + tenant.customer() + "/alert-rules";
      put("/msps/" + tenant.msp() + "/alert-rules/machine-unprotected", tenant.mspToken(), false);
      assertThat(origin(customer, tenant)).isEqualTo("msp");
      evaluate(tenant);
      assertThat(kinds(tenant, "state=open")).isEmpty();
      put(customer + "/machine-unprotected", tenant.customerToken(), true);
      assertThat(origin(customer, tenant)).isEqualTo("customer");
      evaluate(tenant);
      assertThat(kinds(tenant, "severity=critical")).containsExactly("machine-unprotected");
      Answer unknown =
          cloud.call("PUT", customer + "/no-such-kind", tenant.customerToken(), rule(true));
      assertThat(unknown.status()).isEqualTo(404);
      Answer strange = cloud.get("/alerts?severity=loud", tenant.customerToken());
      assertThat(strange.status()).isEqualTo(400);
    }
  }

  private void put(String path, String token, boolean enabled) {
    Answer set = cloud.call("PUT", path, token, rule(enabled));
    assertThat(set.status()).as(set.text()).isEqualTo(200);
  }

  private static Map<String, Object> rule(boolean enabled) {
    return Map.of("enabled", enabled, "severity", "critical", "threshold", 0, "escalateSeconds", 0);
  }

  private String origin(String rules, Tenant tenant) {
    return cloud
        .get(rules, tenant.customerToken())
        .json()
        .path("items")
        .valueStream()
        .filter(rule -> rule.path("kind").asString().equals("machine-unprotected"))
        .findFirst()
        .orElseThrow()
        .path("origin")
        .asString();
  }

  private void evaluate(Tenant tenant) {
    evaluate(tenant, Duration.ZERO);
  }

  /** Only the evaluation is ahead: to a control plane that is, tokens have ended. */
  private void evaluate(Tenant tenant, Duration ahead) {
    cloud.putClockAhead(ahead);
    try {
      cloud.bean(Alerts.class).evaluate(new MspId(tenant.msp()));
    } finally {
      cloud.putClockAhead(Duration.ZERO);
    }
  }

  private List<JsonNode> alerts(Tenant tenant, String query) {
    return cloud
        .get("/alerts?" + query, tenant.customerToken())
        .json()
        .path("items")
        .valueStream()
        .toList();
  }

  private List<String> kinds(Tenant tenant, String query) {
    return alerts(tenant, query).stream().map(alert -> alert.path("kind").asString()).toList();
  }

  private String id(Tenant tenant, String kind) {
    return alerts(tenant, "limit=200").stream()
        .filter(alert -> alert.path("kind").asString().equals(kind))
        .findFirst()
        .orElseThrow()
        .path("id")
        .asString();
  }

  private static List<String> notes(Answer detail) {
    return detail
        .json()
        .path("history")
        .valueStream()
        .map(note -> note.path("what").asString())
        .toList();
  }
}
