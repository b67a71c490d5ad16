package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.cloud.CloudUnderTest.Tenant;
import io.sendense.cloud.fleet.internal.LinkedAppliance;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;

/** Enrolment and appliances. */
final class FleetTour implements Tour {
  @Override
  public void take(Walk walk, LivingTenant living) throws Exception {
    Tenant tenant = living.tenant();
    String customer = "/customers/" + tenant.customer();
    String token = tenant.mspToken();
    String tokens = customer + "/sites/" + tenant.site() + "/enrolment-tokens";
    String secret = walk.post(tokens, token, Map.of("approval", "manual")).at("secret");
    walk.notEmpty(tokens, token);
    Path folder = LinkedAppliance.newFolder();
    Assertions.assertThatThrownBy(
            () -> LinkedAppliance.enrol(walk.cloud(), folder, "second", secret))
        .isInstanceOf(SendenseException.class)
        .hasMessageContaining("waits for approval");
    Answer waiting = walk.notEmpty("/appliances?customerId=" + tenant.customer(), token);
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
    walk.post(customer + "/appliances/" + pending + "/approve", token, "");
    LinkedAppliance.enrol(walk.cloud(), folder, "second", secret).close();
    walk.get(customer + "/appliances/" + living.appliance().id(), token);
    renamed(walk, living, customer);
    replaced(walk, living, customer);
    walk.post(customer + "/appliances/" + pending + "/ban", token, Map.of("reason", "was sold"));
  }

  private static void renamed(Walk walk, LivingTenant living, String customer) {
    String token = living.tenant().mspToken();
    String site =
        walk.post(customer + "/sites", token, Map.of("name", "Moved to", "location", "Attic"))
            .at("id");
    Answer moved =
        walk.put(
            customer + "/appliances/" + living.appliance().id(),
            token,
            Map.of("name", "attic-1", "siteId", site));
    assertThat(moved.at("name")).isEqualTo("attic-1");
    assertThat(moved.at("siteId")).isEqualTo(site);
  }

  /** The old machine is a copy once the new one has its place, and a retired one may not call. */
  private static void replaced(Walk walk, LivingTenant living, String customer) throws Exception {
    String token = living.tenant().mspToken();
    String appliance = customer + "/appliances/" + living.appliance().id();
    String secret = walk.post(appliance + "/replacement-tokens", token, Map.of()).at("secret");
    try (LinkedAppliance fresh =
        LinkedAppliance.enrol(walk.cloud(), LinkedAppliance.newFolder(), "new metal", secret)) {
      assertThat(fresh.id()).isEqualTo(living.appliance().id());
      fresh.lease();
      Assertions.assertThatThrownBy(() -> living.appliance().lease())
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.LINK_CLONE_DETECTED));
      fresh.report(List.of(LivingTenant.vm(living.vm(), "db")), List.of(), List.of());
      Answer seen = walk.get(customer + "/vms/" + living.vm(), token);
      assertThat(seen.at("applianceId")).isEqualTo(fresh.id().toString());
      walk.post(appliance + "/retire", token, Map.of("reason", "the site was closed"));
      Assertions.assertThatThrownBy(fresh::lease)
          .isInstanceOf(SendenseException.class)
          .hasMessageContaining("is retired");
    }
  }
}
