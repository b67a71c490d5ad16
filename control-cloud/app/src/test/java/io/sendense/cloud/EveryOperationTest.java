package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.cloud.CloudUnderTest.Tenant;
import io.sendense.cloud.fleet.internal.LinkedAppliance;
import io.sendense.domain.SendenseException;
import io.sendense.protocol.PointGone;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Every operation of openapi.yaml answers 2xx, with a body that the contract accepts. */
@Tag("server")
class EveryOperationTest {
  private final CloudUnderTest cloud = CloudUnderTest.get();
  private final Contract answered = new Contract();

  @Test
  void everyOperationOfTheContractSucceeds() throws Exception {
    try (LivingTenant living = LivingTenant.in(cloud, "every")) {
      Tenant tenant = living.tenant();
      String msp = "/msps/" + tenant.msp();
      String customer = "/customers/" + tenant.customer();
      tenancy(tenant, msp, customer);
      protection(living, customer);
      money(tenant, msp, customer);
      fleet(tenant, customer, living.appliance());
      try (EventStream events = cloud.events(tenant.mspToken())) {
        post(customer + "/sites", tenant.mspToken(), Map.of("name", "Announced"));
        events.await(event -> event.path("type").asString().equals("site"));
        answered.require("GET", "/events", 200, Optional.of("text/event-stream"), EVENT);
      }
    }
    assertThat(answered.withoutSuccess()).isEmpty();
  }

  /** {@link EventStream} judges the real ones; the contract has no schema for the whole stream. */
  private static final String EVENT = "{\"type\":\"site\",\"at\":\"2026-11-20T12:00:00Z\"}";

  private void tenancy(Tenant tenant, String msp, String customer) {
    String platform = cloud.platformToken();
    String token = tenant.mspToken();
    get("/health", "");
    get("/portal-config", "");
    get("/me", token);
    get("/me", tenant.customerToken());
    get("/me", platform);
    post("/msps", platform, CloudUnderTest.creation("Another MSP", "every-other-msp"));
    notEmpty("/msps", platform);
    get(msp, token);
    post("/customers", token, CloudUnderTest.creation("Another", "every-other-customer"));
    notEmpty("/customers?limit=1", token);
    get(customer, token);
    Answer site =
        post(customer + "/sites", token, Map.of("name", "Second", "location", "Cellar, Leeds"));
    notEmpty("/sites", token);
    get(customer + "/sites/" + site.at("id"), token);
    notEmpty("/audit-entries", token);
    get(msp + "/audit-verification", token);
  }

  private void protection(LivingTenant living, String customer) throws InterruptedException {
    String token = living.tenant().customerToken();
    String vm = customer + "/vms/" + living.vm();
    notEmpty("/vms?protected=false", token);
    Answer policy =
        post(customer + "/policies", token, LivingTenant.policy("Nightly", living.vm()));
    notEmpty("/policies", token);
    get(customer + "/policies/" + policy.at("id"), token);
    Answer seen = get(vm, token);
    assertThat(seen.at("lastJob.state")).isEqualTo("succeeded");
    Answer command = post(vm + "/backup", token, "");
    get(customer + "/commands/" + command.at("id"), token);
    notEmpty("/restore-points?vmId=" + living.vm(), token);
    gone(living, token);
    assertThat(get(vm, token).at("pointCount")).isEqualTo("0");
    call("DELETE", customer + "/policies/" + policy.at("id"), token, "");
    Answer terms = post(customer + "/policies", token, LivingTenant.policyWithTerms(living.vm()));
    assertThat(terms.at("retention.keepMonthly")).isEqualTo("12");
    assertThat(terms.at("retention.timeZone")).isEqualTo("Europe/Zurich");
    assertThat(terms.at("immutability.mode")).isEqualTo("compliance");
    get(customer + "/policies/" + terms.at("id"), token);
    call("DELETE", customer + "/policies/" + terms.at("id"), token, "");
  }

  private void gone(LivingTenant living, String token) throws InterruptedException {
    String list = "/restore-points?vmId=" + living.vm();
    living
        .appliance()
        .gone(
            List.of(LivingTenant.vm(living.vm(), "db")),
            new PointGone(
                "p1",
                living.vm(),
                "local",
                Instant.parse("2026-11-20T12:00:00Z"),
                PointGone.Reason.DAMAGED,
                Optional.of("packs/1: it is missing")));
    assertThat(get(list, token).json().path("items").size()).isZero();
    JsonNode gone = get(list + "&gone=true", token).json().path("items").path(0).path("gone");
    assertThat(gone.path("reason").asString()).isEqualTo("damaged");
    assertThat(gone.path("at").asString()).isEqualTo("2026-11-20T12:00:00Z");
  }

  private void money(Tenant tenant, String msp, String customer) {
    String month = YearMonth.now(ZoneOffset.UTC).toString();
    get(customer + "/licence", tenant.customerToken());
    answered.require(
        "POST",
        customer + "/licence",
        201,
        Optional.of("application/json"),
        LivingTenant.issueLicence(cloud, tenant, "enterprise").text());
    notEmpty(customer + "/usage-records", tenant.customerToken());
    Answer retail = get(customer + "/invoice-preview?period=" + month, tenant.customerToken());
    assertThat(retail.json().path("lines").size()).isPositive();
    Answer wholesale = get(msp + "/invoice-preview?period=" + month, tenant.mspToken());
    assertThat(wholesale.json().path("lines").size()).isPositive();
  }

  private void fleet(Tenant tenant, String customer, LinkedAppliance first) throws Exception {
    String token = tenant.mspToken();
    String tokens = customer + "/sites/" + tenant.site() + "/enrolment-tokens";
    String secret = post(tokens, token, Map.of("approval", "manual")).at("secret");
    notEmpty(tokens, token);
    Path folder = LinkedAppliance.newFolder();
    Assertions.assertThatThrownBy(() -> LinkedAppliance.enrol(cloud, folder, "second", secret))
        .isInstanceOf(SendenseException.class)
        .hasMessageContaining("waits for approval");
    Answer waiting = notEmpty("/appliances?customerId=" + tenant.customer(), token);
    String pending =
        waiting
            .json()
            .path("items")
            .valueStream()
            .filter(item -> item.path("state").asString().equals("pending"))
            .findFirst()
            .orElseThrow()
            .path("id")
            .asString();
    post(customer + "/appliances/" + pending + "/approve", token, "");
    LinkedAppliance.enrol(cloud, folder, "second", secret).close();
    get(customer + "/appliances/" + first.id(), token);
    post(customer + "/appliances/" + pending + "/ban", token, Map.of("reason", "was sold"));
  }

  private Answer get(String path, String token) {
    return call("GET", path, token, "");
  }

  private Answer notEmpty(String path, String token) {
    Answer page = get(path, token);
    assertThat(page.json().path("items").size()).as(path).isPositive();
    return page;
  }

  private Answer post(String path, String token, Object body) {
    return call("POST", path, token, body);
  }

  private Answer call(String method, String path, String token, Object body) {
    Answer answer = cloud.call(method, path, token, body);
    assertThat(answer.status()).as(method + " " + path + ": " + answer.text()).isBetween(200, 299);
    List<String> types = answer.headers().getOrDefault("content-type", List.of());
    answered.require(method, path, answer.status(), types.stream().findFirst(), answer.text());
    return answer;
  }
}
