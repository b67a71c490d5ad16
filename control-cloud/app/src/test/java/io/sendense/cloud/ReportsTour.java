package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.cloud.CloudUnderTest.Tenant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Usage in sum, the month's report, and backups of everything at once. */
final class ReportsTour implements Tour {
  @Override
  public void take(Walk walk, LivingTenant living) {
    Tenant tenant = living.tenant();
    String month = YearMonth.now(ZoneOffset.UTC).toString();
    String customer = "/customers/" + tenant.customer();
    Answer used = walk.get(customer + "/usage?period=" + month, tenant.customerToken());
    assertThat(used.at("totals.protectedVmDays.backup")).isEqualTo("1");
    assertThat(used.at("totals.peakStoredBytes")).isEqualTo("5000");
    JsonNode all =
        walk.get("/msps/" + tenant.msp() + "/usage?period=" + month, tenant.mspToken()).json();
    assertThat(all.path("items").size()).isGreaterThanOrEqualTo(2);
    bulk(walk, living, customer);
    report(walk, tenant, month);
  }

  private static void bulk(Walk walk, LivingTenant living, String customer) {
    Tenant tenant = living.tenant();
    Answer policy =
        walk.post(
            customer + "/policies",
            tenant.customerToken(),
            LivingTenant.policy("Of all", living.vm()));
    Map<String, Object> wanted = Map.of("customerIds", List.of(tenant.customer()));
    for (String token : walk.strangers().tokens()) {
      Answer refused = walk.cloud().call("POST", "/bulk/backups", token, wanted);
      assertThat(refused.status()).as(refused.text()).isIn(403, 404);
    }
    Answer queued = walk.post("/bulk/backups", tenant.mspToken(), wanted);
    int now = queued.json().path("commandIds").size() + queued.json().path("alreadyQueued").asInt();
    assertThat(now).isEqualTo(1);
    Answer again = walk.post("/bulk/backups", tenant.mspToken(), Map.of());
    assertThat(again.json().path("commandIds").size()).isZero();
    assertThat(again.at("alreadyQueued")).isEqualTo("1");
    walk.get(customer + "/vms/" + living.vm(), tenant.customerToken());
    walk.delete(customer + "/policies/" + policy.at("id"), tenant.customerToken());
  }

  private static void report(Walk walk, Tenant tenant, String month) {
    Answer report =
        walk.get(
            "/reports/monthly?period=" + month + "&customerId=" + tenant.customer(),
            tenant.customerToken());
    JsonNode mine = report.json().path("items").path(0);
    assertThat(mine.path("backupsSucceeded").asInt()).isEqualTo(1);
    assertThat(mine.path("successRate").asString()).isEqualTo("100.0");
    assertThat(mine.path("machines").asInt()).isEqualTo(1);
    Answer csv = walk.get("/reports/monthly.csv?period=" + month, tenant.mspToken());
    assertThat(csv.text()).startsWith("customer,machines,").contains("every customer,1,");
  }
}
