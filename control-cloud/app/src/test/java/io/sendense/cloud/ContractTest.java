package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The judge itself: it must be able to refuse. */
class ContractTest {
  private static final Optional<String> JSON = Optional.of("application/json");
  private static final String SITE =
      """
      {"id": "0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e41", "customerId": "0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e42",
       "name": "Main", "createdAt": "2026-11-20T12:00:00Z"}
      """;
  private static final String SITE_PATH =
      "/customers/0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e42/sites/0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e41";

  private final Contract contract = new Contract();

  @Test
  void anAnswerThatFitsIsAcceptedAndItsOperationIsDone() {
    assertThat(contract.withoutSuccess()).contains("getSite");
    contract.require("GET", SITE_PATH, 200, JSON, SITE);
    assertThat(contract.withoutSuccess()).doesNotContain("getSite").contains("getVm");
  }

  @ParameterizedTest(name = "{0} in the place of {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"created\" | \"createdAt\" | createdAt",
        "\"Main\", \"extra\": 1 | \"Main\" | extra",
        "7 | \"Main\" | name",
        "\"\" | \"Main\" | name",
        "\"12 o'clock\" | \"2026-11-20T12:00:00Z\" | createdAt",
        "\"no uuid\" | \"0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e41\" | id",
      })
  void aWrongBodyIsRefused(String wrong, String right, String named) {
    assertThat(contract.findings("GET", SITE_PATH, 200, JSON, SITE.replace(right, wrong)))
        .isNotEmpty()
        .anyMatch(finding -> finding.contains(named));
  }

  @Test
  void aWrongItemOfAListIsRefused() {
    assertThat(contract.findings("GET", "/sites", 200, JSON, "{\"items\": [" + SITE + "]}"))
        .isEmpty();
    assertThat(
            contract.findings(
                "GET",
                "/sites?limit=5",
                200,
                JSON,
                "{\"items\": [" + SITE.replace("Main", "") + "]}"))
        .isNotEmpty();
  }

  @Test
  void aWrongStatusOrContentTypeIsRefused() {
    assertThat(contract.findings("GET", SITE_PATH, 201, JSON, SITE)).isNotEmpty();
    assertThat(contract.findings("GET", SITE_PATH, 200, Optional.of("text/plain"), SITE))
        .isNotEmpty();
    assertThat(contract.findings("GET", SITE_PATH, 200, Optional.empty(), SITE)).isNotEmpty();
    assertThat(contract.findings("GET", SITE_PATH, 404, JSON, SITE)).isNotEmpty();
    assertThat(contract.findings("GET", "/health", 401, JSON, "{}")).isNotEmpty();
    assertThat(contract.findings("DELETE", SITE_PATH, 204, Optional.empty(), "")).isNotEmpty();
    assertThat(contract.findings("GET", "/me", 200, JSON, "")).isNotEmpty();
  }

  @Test
  void aRefusalMustSayWhatWasWrong() {
    String problem =
        "{\"type\": \"urn:x\", \"title\": \"Not found\", \"status\": 404, \"code\": \"SD-1001\","
            + " \"detail\": \"there is none\"}";
    Optional<String> type = Optional.of("application/problem+json");
    assertThat(contract.findings("GET", SITE_PATH, 404, type, problem)).isEmpty();
    assertThat(contract.findings("GET", "/nowhere", 404, type, problem)).isEmpty();
    assertThat(contract.findings("GET", "/nowhere", 200, type, problem)).isNotEmpty();
    assertThat(contract.findings("GET", SITE_PATH, 404, type, problem.replace("SD-", "")))
        .isNotEmpty();
    assertThatThrownBy(() -> contract.require("GET", SITE_PATH, 404, type, "{}"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("breaks openapi.yaml");
  }
}
