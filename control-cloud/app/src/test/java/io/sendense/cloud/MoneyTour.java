package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.cloud.CloudUnderTest.Tenant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Map;

/** Licences, usage and what it costs. */
final class MoneyTour implements Tour {
  @Override
  public void take(Walk walk, LivingTenant living) {
    Tenant tenant = living.tenant();
    String customer = "/customers/" + tenant.customer();
    String month = YearMonth.now(ZoneOffset.UTC).toString();
    walk.get(customer + "/licence", tenant.customerToken());
    walk.post(
        customer + "/licence",
        tenant.mspToken(),
        Map.of("edition", "enterprise", "maxVms", 5, "validTo", "2030-01-01T00:00:00Z"));
    walk.notEmpty(customer + "/usage-records", tenant.customerToken());
    Answer retail = walk.get(customer + "/invoice-preview?period=" + month, tenant.customerToken());
    assertThat(retail.json().path("lines").size()).isPositive();
    Answer wholesale =
        walk.get("/msps/" + tenant.msp() + "/invoice-preview?period=" + month, tenant.mspToken());
    assertThat(wholesale.json().path("lines").size()).isPositive();
  }
}
