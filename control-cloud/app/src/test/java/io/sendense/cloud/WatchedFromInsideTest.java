package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.cloud.CloudUnderTest.Tenant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.Environment;

/** What is open on which listener. */
@Tag("server")
class WatchedFromInsideTest {
  private final CloudUnderTest cloud = CloudUnderTest.get();

  @Test
  void healthIsOpenToEverybodyAndSaysOnlyWhetherItServes() {
    Answer health = cloud.get("/health", "");
    assertThat(health.status()).isEqualTo(200);
    assertThat(health.at("status")).isEqualTo("up");
    assertThat(health.json().propertyNames())
        .containsExactlyInAnyOrder("status", "version", "components");
  }

  @Test
  void theInsideListenerGivesHealthWithoutParticulars() {
    for (String path :
        new String[] {
          "/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness"
        }) {
      Answer health = cloud.plain(cloud.managementUri(path));
      assertThat(health.status()).as(path).isEqualTo(200);
      assertThat(health.at("status")).isEqualTo("UP");
      assertThat(health.json().has("components")).as(health.text()).isFalse();
      assertThat(health.json().has("details")).as(health.text()).isFalse();
    }
  }

  @Test
  void metricsNameNoTenant() {
    Tenant tenant = cloud.newTenant("measured");
    assertThat(cloud.get("/customers/" + tenant.customer(), tenant.mspToken()).status())
        .isEqualTo(200);
    Answer metrics = cloud.plain(cloud.managementUri("/actuator/prometheus"));
    assertThat(metrics.status()).isEqualTo(200);
    assertThat(metrics.headers().getOrDefault("content-type", List.of()))
        .singleElement(STRING)
        .startsWith("text/plain");
    assertThat(metrics.text())
        .contains("hikaricp_connections_active{pool=\"control-plane\"}")
        .contains("uri=\"/api/v1/customers/{customerId}\"")
        .contains("jvm_memory_used_bytes")
        .doesNotContain(tenant.customer().toString())
        .doesNotContain(tenant.msp().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"env", "beans", "heapdump", "configprops", "loggers", "shutdown", "mappings"})
  void theInsideListenerHasNothingElse(String endpoint) {
    assertThat(cloud.plain(cloud.managementUri("/actuator/" + endpoint)).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/actuator",
        "/actuator/health",
        "/actuator/prometheus",
        "/actuator/env",
        "/metrics"
      })
  void theOpenListenerHasNoneOfIt(String path) {
    assertThat(cloud.plain(cloud.uri(path)).status()).isEqualTo(404);
  }

  @Test
  void theInsideListenerServesNoApiAndListensOnLoopback() {
    assertThat(cloud.plain(cloud.managementUri("/api/v1/health")).status()).isEqualTo(404);
    assertThat(cloud.plain(cloud.managementUri("/api/v1/me")).status()).isIn(401, 404);
    Environment settings = cloud.bean(Environment.class);
    assertThat(settings.getProperty("management.server.address")).isEqualTo("127.0.0.1");
    assertThat(settings.getProperty("server.address")).isEqualTo("127.0.0.1");
  }
}
