package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.protocol.PointGone;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Machines, policies, backups and points. */
final class ProtectionTour implements Tour {
  @Override
  public void take(Walk walk, LivingTenant living) throws Exception {
    String customer = "/customers/" + living.tenant().customer();
    String token = living.tenant().customerToken();
    String vm = customer + "/vms/" + living.vm();
    walk.notEmpty("/vms?protected=false", token);
    Answer policy =
        walk.post(customer + "/policies", token, LivingTenant.policy("Nightly", living.vm()));
    walk.notEmpty("/policies", token);
    walk.get(customer + "/policies/" + policy.at("id"), token);
    Answer seen = walk.get(vm, token);
    assertThat(seen.at("lastJob.state")).isEqualTo("succeeded");
    Answer command = walk.post(vm + "/backup", token, "");
    walk.get(customer + "/commands/" + command.at("id"), token);
    walk.notEmpty("/restore-points?vmId=" + living.vm(), token);
    gone(walk, living, token);
    assertThat(walk.get(vm, token).at("pointCount")).isEqualTo("0");
    walk.delete(customer + "/policies/" + policy.at("id"), token);
    Answer terms =
        walk.post(customer + "/policies", token, LivingTenant.policyWithTerms(living.vm()));
    assertThat(terms.at("retention.keepMonthly")).isEqualTo("12");
    assertThat(terms.at("retention.timeZone")).isEqualTo("Europe/Zurich");
    assertThat(terms.at("immutability.mode")).isEqualTo("compliance");
    walk.get(customer + "/policies/" + terms.at("id"), token);
    walk.delete(customer + "/policies/" + terms.at("id"), token);
  }

  private static void gone(Walk walk, LivingTenant living, String token)
      throws InterruptedException {
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
    assertThat(walk.get(list, token).json().path("items").size()).isZero();
    JsonNode gone = walk.get(list + "&gone=true", token).json().path("items").path(0).path("gone");
    assertThat(gone.path("reason").asString()).isEqualTo("damaged");
    assertThat(gone.path("at").asString()).isEqualTo("2026-11-20T12:00:00Z");
  }
}
