package io.sendense.cloud;

import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.cloud.CloudUnderTest.Tenant;
import io.sendense.cloud.fleet.internal.LinkedAppliance;
import io.sendense.domain.SendenseException;
import java.nio.file.Path;
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
    walk.post(customer + "/appliances/" + pending + "/ban", token, Map.of("reason", "was sold"));
  }
}
