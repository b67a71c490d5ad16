package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** The platform replaces its licence key. */
final class KeysTour implements Tour {
  @Override
  public void take(Walk walk, LivingTenant living) {
    String platform = walk.cloud().platformToken();
    JsonNode before = walk.get("/licence-keys", platform).json();
    assertThat(before.path("items").size()).isEqualTo(1);
    String old = before.path("items").path(0).path("id").asString();
    assertThat(
            walk.cloud()
                .call("DELETE", "/licence-keys/" + old + "?force=true", platform, "")
                .at("detail"))
        .contains("signs now");
    JsonNode both = walk.post("/licence-keys", platform, "").json();
    String fresh = other(both, old);
    JsonNode promoted =
        walk.post("/licence-keys/" + fresh + "/promote?force=true", platform, "").json();
    assertThat(promoted.path("items").valueStream().filter(k -> k.path("signs").asBoolean()))
        .singleElement()
        .satisfies(key -> assertThat(key.path("id").asString()).isEqualTo(fresh));
    assertThat(walk.cloud().call("DELETE", "/licence-keys/" + old, platform, "").status())
        .as("licences in force are signed by it")
        .isEqualTo(409);
    LivingTenant.issueLicence(walk.cloud(), living.tenant(), "enterprise");
    walk.delete("/licence-keys/" + old + "?force=true", platform);
    assertThat(walk.get("/licence-keys", platform).text()).contains(fresh).doesNotContain(old);
  }

  private static String other(JsonNode keys, String than) {
    List<String> ids =
        keys.path("items").valueStream().map(key -> key.path("id").asString()).toList();
    assertThat(ids).hasSize(2);
    return ids.get(0).equals(than) ? ids.get(1) : ids.get(0);
  }
}
