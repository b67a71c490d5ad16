package io.sendense.cloud;

import io.sendense.cloud.CloudUnderTest.Tenant;
import io.sendense.cloud.notification.Alerts;
import io.sendense.domain.MspId;
import java.time.Duration;
import java.util.Map;

/** Alerts and their rules. */
final class WatchTour implements Tour {
  private static final Map<String, Object> RULE =
      Map.of("enabled", true, "severity", "info", "threshold", 4, "escalateSeconds", 0);

  @Override
  public void take(Walk walk, LivingTenant living) {
    Tenant tenant = living.tenant();
    String msp = "/msps/" + tenant.msp() + "/alert-rules";
    String customer = "/customers/" + tenant.customer();
    walk.get(msp, tenant.mspToken());
    walk.get("/msps/" + tenant.msp() + "/audit-export?after=1&limit=5", tenant.mspToken());
    walk.put(msp + "/appliance-offline", tenant.mspToken(), RULE);
    walk.get(customer + "/alert-rules", tenant.customerToken());
    walk.put(customer + "/alert-rules/appliance-offline", tenant.customerToken(), RULE);
    walk.cloud().putClockAhead(Duration.ofHours(1));
    try {
      walk.cloud().bean(Alerts.class).evaluate(new MspId(tenant.msp()));
    } finally {
      walk.cloud().putClockAhead(Duration.ZERO);
    }
    String alert =
        walk.notEmpty("/alerts", tenant.customerToken())
            .json()
            .path("items")
            .path(0)
            .path("id")
            .asString();
    String path = customer + "/alerts/" + alert;
    walk.get(path, tenant.customerToken());
    walk.post(path + "/comments", tenant.customerToken(), Map.of("text", "The line is down."));
    walk.post(path + "/acknowledge", tenant.customerToken(), "");
  }
}
