package io.sendense.cloud;

import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.cloud.CloudUnderTest.Tenant;
import java.util.Map;

/** The service itself, MSPs, customers, sites, and who changed them. */
final class TenancyTour implements Tour {
  /** {@link EventStream} judges the real ones; the contract has no schema for the whole stream. */
  private static final String EVENT = "{\"type\":\"site\",\"at\":\"2026-11-20T12:00:00Z\"}";

  @Override
  public void take(Walk walk, LivingTenant living) {
    Tenant tenant = living.tenant();
    String msp = "/msps/" + tenant.msp();
    String customer = "/customers/" + tenant.customer();
    String token = tenant.mspToken();
    String platform = walk.cloud().platformToken();
    walk.get("/health", "");
    walk.get("/portal-config", "");
    walk.get("/me", token);
    walk.get("/me", tenant.customerToken());
    walk.get("/me", platform);
    walk.post("/msps", platform, CloudUnderTest.creation("Another MSP", "every-other-msp"));
    walk.notEmpty("/msps", platform);
    walk.get(msp, token);
    walk.post("/customers", token, CloudUnderTest.creation("Another", "every-other-customer"));
    walk.notEmpty("/customers?limit=1", token);
    walk.get(customer, token);
    Answer site =
        walk.post(
            customer + "/sites", token, Map.of("name", "Second", "location", "Cellar, Leeds"));
    walk.notEmpty("/sites", token);
    walk.get(customer + "/sites/" + site.at("id"), token);
    walk.notEmpty("/audit-entries", token);
    walk.get(msp + "/audit-verification", token);
    try (EventStream events = walk.cloud().events(token)) {
      walk.post(customer + "/sites", token, Map.of("name", "Announced"));
      events.await(event -> event.path("type").asString().equals("site"));
      walk.came("GET", "/events", 200, "text/event-stream", EVENT);
    }
  }
}
