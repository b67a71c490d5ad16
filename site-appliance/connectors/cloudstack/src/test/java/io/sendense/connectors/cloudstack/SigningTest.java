package io.sendense.connectors.cloudstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The example that the Programmer Guide works out ("How to sign an API call with Python"). */
class SigningTest {
  private static final String API_KEY =
      "plgWJfZK4gyS3mOMTVmjUVg-X-jlWlnfaUJ9GAbBbf9EdM-kAYMmAiLqzzq1ElZLYq_u38zCm0bewzGUdP66mg";
  private static final String SECRET =
      "VDaACYb0LV9eNjTetIOElcVQkvJck_J_QljX_FcHRj87ZKiy0z0ty0ZsYBkoXkY9b7eq1EhwJaw7FF3akA3KBQ";

  @Test
  void theGuidesExampleIsSignedAsItIsThere() {
    Map<String, String> request = new LinkedHashMap<>();
    request.put("command", "listUsers");
    request.put("response", "json");
    request.put("apikey", API_KEY);
    assertThat(Signing.signature(request, SECRET)).isEqualTo("TTpdDq/7j/J58XCRHomKoQXEQds=");
  }

  @Test
  void lettersOfNamesAndValuesDoNotMatterAndSpacesAreNoPluses() {
    Map<String, String> one = Map.of("Command", "listZones", "name", "a b+c");
    Map<String, String> other = Map.of("command", "LISTZONES", "NAME", "A B+C");
    assertThat(Signing.signature(one, SECRET)).isEqualTo(Signing.signature(other, SECRET));
    assertThat(Signing.encode("a b+c&d[0].e")).isEqualTo("a%20b%2Bc%26d%5B0%5D.e");
  }

  @Test
  void keysAppearInNoText() {
    assertThat(new ApiKeys(API_KEY, SECRET).toString()).doesNotContain(API_KEY, SECRET);
  }
}
