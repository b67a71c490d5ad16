package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.cloud.fleet.internal.LinkedAppliance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A customer from nothing to an appliance with a lease, asked for once, again and at once. */
final class OnboardingTour implements Tour {
  @Override
  public void take(Walk walk, LivingTenant living) throws Exception {
    String token = living.tenant().mspToken();
    String path = "/onboardings/erp-4711";
    Answer made = put(walk, path, token, wanted("Bakery Lindner", "Europe/Berlin", 10));
    assertThat(made.status()).isEqualTo(201);
    String customer = made.at("customerId");
    try (LinkedAppliance appliance =
        LinkedAppliance.enrol(walk.cloud(), "first", made.at("applianceToken.secret"))) {
      assertThat(appliance.lease().licence()).contains("signature");
    }
    String admin =
        walk.cloud().token(made.at("credentials.clientId"), made.at("credentials.clientSecret"));
    assertThat(walk.cloud().get("/customers/" + customer, admin).at("name"))
        .isEqualTo("Bakery Lindner");

    Answer again = put(walk, path, token, wanted("Bakery Lindner", "Europe/Berlin", 10));
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().has("credentials")).isFalse();
    assertThat(again.json().has("applianceToken")).isFalse();
    assertThat(again.at("licence.id")).isEqualTo(made.at("licence.id"));

    Answer changed = put(walk, path, token, wanted("Lindner AG", "Europe/Berlin", 30));
    assertThat(changed.at("customerId")).isEqualTo(customer);
    assertThat(changed.at("licence.maxVms")).isEqualTo("30");
    assertThat(changed.at("licence.cause")).isEqualTo("change");
    assertThat(walk.get(path, token).at("name")).isEqualTo("Lindner AG");
    refusedAsAWhole(walk, path, token);
    atOnce(walk, token);
  }

  private static void refusedAsAWhole(Walk walk, String path, String token) {
    Answer refused =
        walk.cloud().call("PUT", path, token, wanted("Another name", "Asia/Tokyo", 99));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.at("detail")).contains("Europe/Berlin");
    assertThat(walk.get(path, token).at("name")).isEqualTo("Lindner AG");
    Answer taken =
        walk.cloud().call("PUT", "/onboardings/erp-4712", token, wanted("Lindner AG", "UTC", 5));
    assertThat(taken.at("detail")).contains("there is a customer Lindner AG");
    assertThat(walk.cloud().get("/onboardings/erp-4712", token).status()).isEqualTo(404);
  }

  /** Five that ask for the same customer at the same time get one, and one of them its secrets. */
  private static void atOnce(Walk walk, String token) throws Exception {
    List<Future<Answer>> asked = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 5; i++) {
        asked.add(
            executor.submit(
                () ->
                    walk.cloud()
                        .call("PUT", "/onboardings/race", token, wanted("Race", "UTC", 5))));
      }
    }
    List<Integer> statuses = new ArrayList<>();
    for (Future<Answer> one : asked) {
      statuses.add(one.get().status());
    }
    assertThat(statuses).containsOnlyOnce(201).contains(200).hasSize(5);
  }

  private static Answer put(Walk walk, String path, String token, Map<String, Object> wanted) {
    return walk.put(path, token, wanted);
  }

  private static Map<String, Object> wanted(String name, String zone, int vms) {
    Map<String, Object> wanted = new HashMap<>();
    wanted.put("name", name);
    wanted.put("timeZone", zone);
    wanted.put(
        "admin",
        Map.of(
            "username",
            "onboarded-" + name.toLowerCase(java.util.Locale.ROOT).replace(' ', '-'),
            "requirePasswordChange",
            false));
    wanted.put("site", Map.of("name", "Main", "location", "Leipzig"));
    wanted.put(
        "licence", Map.of("edition", "backup", "maxVms", vms, "validTo", "2030-01-01T00:00:00Z"));
    return wanted;
  }
}
