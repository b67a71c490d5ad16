package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.CloudUnderTest.Tenant;
import io.sendense.domain.ErrorCode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program from its start to its end, as a second replica beside the one under test. */
@Tag("server")
class StartAndStopTest {
  private static final Pattern STARTED = Pattern.compile("Netty started on port (\\d+) \\(http\\)");
  private static final Pattern STOPPING = Pattern.compile("Commencing graceful shutdown");
  private static final int SIGTERM_EXIT = 128 + 15;

  private final CloudUnderTest cloud = CloudUnderTest.get();

  @ParameterizedTest
  @ValueSource(strings = {"server.port", "management.server.port", "sendense.link.port"})
  void aTakenPortEndsTheStartWithItsNumberAndWhatToDo(String setting) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<String, String> settings = new HashMap<>(cloud.settings());
      settings.put(setting, Integer.toString(taken.getLocalPort()));
      try (ControlPlaneProcess process = new ControlPlaneProcess(settings)) {
        int code = process.exitCode();
        assertThat(process.output())
            .contains("sendense: the control plane did not start")
            .contains(Integer.toString(taken.getLocalPort()))
            .contains("taken")
            .contains(ErrorCode.PORT_TAKEN.id())
            .as("words, no stack trace")
            .doesNotContain("\tat ");
        assertThat(code).isEqualTo(ErrorCode.PORT_TAKEN.exitCode());
      }
    }
  }

  @Test
  void aStopLetsARequestFinishAndEndsLiveStreamsAtOnce() throws Exception {
    Tenant tenant = cloud.newTenant("stopping");
    try (ControlPlaneProcess process = new ControlPlaneProcess(cloud.settings())) {
      URI api = URI.create("http://127.0.0.1:" + process.await(STARTED) + "/api/v1");
      process.await(STARTED);
      try (HttpClient http = HttpClient.newHttpClient();
          Connection holder = cloud.owner();
          EventStream stream =
              new EventStream(URI.create(api + "/events"), tenant.mspToken(), cloud.contract())) {
        hold(holder, tenant);
        CompletableFuture<HttpResponse<String>> answer =
            http.sendAsync(newSite(api, tenant), HttpResponse.BodyHandlers.ofString());
        awaitBlocked();
        process.terminate();
        process.await(STOPPING);
        stream.awaitEnd();
        assertThat(answer).isNotDone();
        holder.rollback();
        HttpResponse<String> finished = answer.get(15, TimeUnit.SECONDS);
        assertThat(finished.statusCode()).as(finished.body()).isEqualTo(201);
      }
      assertThat(process.exitCode()).isEqualTo(SIGTERM_EXIT);
      assertThat(process.output()).contains("Graceful shutdown complete");
    }
    assertThat(cloud.get("/sites", tenant.mspToken()).text()).contains("Made while stopping");
  }

  private static HttpRequest newSite(URI api, Tenant tenant) {
    return HttpRequest.newBuilder(URI.create(api + "/customers/" + tenant.customer() + "/sites"))
        .timeout(Duration.ofSeconds(60))
        .header("Authorization", "Bearer " + tenant.mspToken())
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"Made while stopping\"}"))
        .build();
  }

  /** Holds the head of the MSP's audit chain, for which every change of the MSP waits. */
  private static void hold(Connection holder, Tenant tenant) throws SQLException {
    holder.setAutoCommit(false);
    try (Statement statement = holder.createStatement()) {
      boolean scoped =
          statement.execute(
              "select set_config('sendense.msp', '"
                  + tenant.msp()
                  + "', true), set_config('sendense.customers', '*', true)");
      assertThat(scoped).isTrue();
      try (ResultSet rows =
          statement.executeQuery(
              "select from audit.head where msp_id = '" + tenant.msp() + "' for update")) {
        assertThat(rows.next()).isTrue();
      }
    }
  }

  /** Returns once a request waits in the database. */
  private void awaitBlocked() throws SQLException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    try (Connection app = cloud.app();
        Statement statement = app.createStatement()) {
      while (true) {
        try (ResultSet rows =
            statement.executeQuery(
                "select from pg_stat_activity where wait_event_type = 'Lock'"
                    + " and usename = current_user")) {
          if (rows.next()) {
            return;
          }
        }
        assertThat(System.nanoTime()).as("no request came to the lock").isLessThan(deadline);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
  }
}
