package io.sendense.demo;

import io.sendense.demo.Story.Done;
import io.sendense.demo.Tenant.PortalUser;
import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import io.sendense.domain.SiteId;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The platform's owner creates an MSP, the MSP creates a customer with a site. */
final class TenancyChapter {
  private final Story story;
  private final URI cloud;
  private final URI issuer;
  private final Api platformAdmin;

  TenancyChapter(Story story, URI cloud, URI issuer, Api platformAdmin) {
    this.story = story;
    this.cloud = cloud;
    this.issuer = issuer;
    this.platformAdmin = platformAdmin;
  }

  Tenant create(String mspName, String customerName, String zone) throws Exception {
    JsonNode msp =
        story.step(
            "platform owner creates the MSP " + mspName,
            () -> {
              JsonNode made =
                  platformAdmin
                      .post(
                          "/api/v1/msps",
                          Map.of("name", mspName, "timeZone", zone, "admin", admin(mspName)))
                      .orFail("creating the MSP");
              return new Done<>(made, Shown.of(made.at("/msp/id").asString()));
            });
    Api mspAdmin = serviceAccount(msp);
    JsonNode customer =
        story.step(
            "the MSP creates the customer " + customerName,
            () -> {
              JsonNode made =
                  mspAdmin
                      .post(
                          "/api/v1/customers",
                          Map.of(
                              "name", customerName, "timeZone", zone, "admin", admin(customerName)))
                      .orFail("creating the customer");
              return new Done<>(made, Shown.of(made.at("/customer/id").asString()));
            });
    Api customerAdmin = serviceAccount(customer);
    String customerId = customer.at("/customer/id").asString();
    JsonNode site =
        story.step(
            "and a site for it",
            () -> {
              JsonNode made =
                  mspAdmin
                      .post(
                          "/api/v1/customers/" + customerId + "/sites",
                          Map.of("name", "Head office"))
                      .orFail("creating the site");
              return new Done<>(made, Shown.of(made.path("id").asString()));
            });
    return new Tenant(
        MspId.parse(msp.at("/msp/id").asString()),
        CustomerId.parse(customerId),
        SiteId.parse(site.path("id").asString()),
        mspAdmin,
        customerAdmin,
        portalUser(msp),
        portalUser(customer));
  }

  private static Map<String, Object> admin(String name) {
    String username = name.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return Map.of("username", username + "-admin", "requirePasswordChange", false);
  }

  private static PortalUser portalUser(JsonNode created) {
    return new PortalUser(
        created.at("/credentials/username").asString(),
        created.at("/credentials/password").asString());
  }

  private Api serviceAccount(JsonNode created) throws IOException, InterruptedException {
    return Api.asClient(
        cloud,
        issuer,
        created.at("/credentials/clientId").asString(),
        created.at("/credentials/clientSecret").asString());
  }
}
