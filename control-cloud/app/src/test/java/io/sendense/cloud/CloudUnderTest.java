package io.sendense.cloud;

import io.sendense.testkit.keycloak.KeycloakAccess;
import io.sendense.testkit.keycloak.KeycloakServer;
import io.sendense.testkit.postgres.DatabaseAccess;
import io.sendense.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole control plane over a real PostgreSQL and a real Keycloak, started once per test JVM.
 * Its clock runs, and can be put ahead.
 */
public final class CloudUnderTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final AtomicReference<Duration> AHEAD = new AtomicReference<>(Duration.ZERO);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Started by the first test that asks, ended with the JVM. */
  private static final class Holder {
    static final CloudUnderTest CLOUD = new CloudUnderTest();
  }

  private final DatabaseAccess database;
  private final KeycloakAccess keycloak;
  private final ConfigurableApplicationContext context;
  private final Map<String, String> settings;
  private final int port;
  private final int managementPort;

  /**
   * As browsers speak to it: the JDK's client would ask for an upgrade to h2c with every request.
   */
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Every answer of the API that a test sees has passed it. */
  private final Contract contract = new Contract();

  private final Map<String, String> tokens = new HashMap<>();

  @Configuration(proxyBeanMethods = false)
  static class TestClock {
    @Bean
    @Primary
    InstantSource movableClock() {
      InstantSource real = InstantSource.system();
      return () -> real.instant().plus(AHEAD.get());
    }
  }

  private CloudUnderTest() {
    Path build = Path.of("target").toAbsolutePath();
    Path testkit = Path.of("../../shared/testkit/target").toAbsolutePath();
    Path home = build.resolve("cloud-under-test-" + ProcessHandle.current().pid());
    PostgresServer postgres =
        PostgresServer.start(
            new PostgresServer.Settings(testkit.resolve("peers"), home.resolve("postgres")));
    KeycloakServer realm =
        KeycloakServer.start(
            new KeycloakServer.Settings(
                testkit.resolve("dist/keycloak.zip"),
                testkit.resolve("peers"),
                home.resolve("keycloak"),
                Path.of("../../infra/keycloak/sendense-realm.json"),
                0,
                List.of(),
                Duration.ofMinutes(4)));
    database = postgres.access();
    keycloak = realm.access();
    settings =
        Map.ofEntries(
            Map.entry("server.port", "0"),
            Map.entry("management.server.port", "0"),
            Map.entry("sendense.link.port", "0"),
            // Tests say when: rows that change by themselves would look as if a stranger did it.
            Map.entry("sendense.alerts.every", "12h"),
            Map.entry("sendense.http.request-timeout", "10s"),
            Map.entry("sendense.state.dir", home.resolve("state").toString()),
            Map.entry("sendense.db.url", database.url()),
            Map.entry("sendense.db.user", database.appUser()),
            Map.entry("sendense.db.password", database.appPassword()),
            Map.entry("sendense.db.owner-user", database.ownerUser()),
            Map.entry("sendense.db.owner-password", database.ownerPassword()),
            Map.entry("sendense.oidc.issuer", keycloak.issuer().toString()),
            Map.entry("sendense.keycloak.client-secret", keycloak.controlPlaneSecret()));
    SpringApplication application = new SpringApplication(ControlPlane.class, TestClock.class);
    application.setDefaultProperties(new HashMap<>(settings));
    context = application.run("--server.port=0", "--management.server.port=0");
    port = port("local.server.port");
    managementPort = port("local.management.port");
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  context.close();
                  realm.close();
                  postgres.close();
                  io.sendense.testkit.Folders.delete(home);
                }));
  }

  private int port(String property) {
    return Integer.parseInt(
        Optional.ofNullable(context.getEnvironment().getProperty(property)).orElseThrow());
  }

  public static CloudUnderTest get() {
    return Holder.CLOUD;
  }

  /** What came back. */
  public record Answer(int status, Map<String, List<String>> headers, String text) {
    public JsonNode json() {
      return JSON.readTree(text);
    }

    /** The member at a path such as {@code msp.id}, as text. */
    public String at(String path) {
      JsonNode node = json();
      for (String step : path.split("\\.")) {
        node = node.path(step);
      }
      return node.asString();
    }
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  public KeycloakAccess keycloak() {
    return keycloak;
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** An address on the listener of health and metrics. */
  public URI managementUri(String path) {
    return URI.create("http://127.0.0.1:" + managementPort + path);
  }

  /** A request as it is, without a token and without the contract. */
  public Answer plain(URI uri) {
    HttpResponse<String> answer = send(HttpRequest.newBuilder(uri).timeout(TIMEOUT).build());
    return new Answer(answer.statusCode(), answer.headers().map(), answer.body());
  }

  /** Everything that a second replica needs beside this one. */
  public Map<String, String> settings() {
    return settings;
  }

  public Contract contract() {
    return contract;
  }

  /** Live changes as this token may see them. */
  public EventStream events(String token) {
    return new EventStream(uri("/api/v1/events"), token, contract);
  }

  /** Puts the control plane's clock ahead of the real one. */
  public void putClockAhead(Duration by) {
    AHEAD.set(by);
  }

  /** A connection as the owner of the schemas, which no request ever has. */
  public Connection owner() throws SQLException {
    return DriverManager.getConnection(
        database.url(), database.ownerUser(), database.ownerPassword());
  }

  /** A connection as the app role, without any scope. */
  public Connection app() throws SQLException {
    return DriverManager.getConnection(database.url(), database.appUser(), database.appPassword());
  }

  public String platformToken() {
    return token(KeycloakAccess.PLATFORM_CLIENT, keycloak.platformSecret());
  }

  /** A token of a service account, kept while it is fresh. */
  public synchronized String token(String clientId, String secret) {
    return tokens.computeIfAbsent(clientId, id -> fetchToken(id, secret));
  }

  public Answer call(String method, String path, String token, Object body) {
    return call(method, path, token, body, Map.of());
  }

  public Answer get(String path, String token) {
    return call("GET", path, token, "", Map.of());
  }

  /** Sends a request; a body that is no text goes as JSON, an empty text is no body. */
  public Answer call(
      String method, String path, String token, Object body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri("/api/v1" + path))
            .timeout(TIMEOUT)
            .method(
                method,
                HttpRequest.BodyPublishers.ofString(
                    body instanceof String text ? text : JSON.writeValueAsString(body)));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (!"".equals(body)) {
      request.header("Content-Type", "application/json");
    }
    headers.forEach(request::header);
    HttpResponse<String> answer = send(request.build());
    Optional<String> type = answer.headers().firstValue("Content-Type");
    contract.require(method, path, answer.statusCode(), type, answer.body());
    return new Answer(answer.statusCode(), answer.headers().map(), answer.body());
  }

  /** An MSP with a customer and a site, made by the API as people make them. */
  public record Tenant(UUID msp, UUID customer, UUID site, String mspToken, String customerToken) {}

  public Tenant newTenant(String name) {
    Answer msp = call("POST", "/msps", platformToken(), creation(name + " MSP", name + "-msp"));
    require(msp, 201);
    String mspToken = token(msp.at("credentials.clientId"), msp.at("credentials.clientSecret"));
    Answer customer =
        call("POST", "/customers", mspToken, creation(name + " customer", name + "-customer"));
    require(customer, 201);
    String customerToken =
        token(customer.at("credentials.clientId"), customer.at("credentials.clientSecret"));
    String customerId = customer.at("customer.id");
    Answer site =
        call("POST", "/customers/" + customerId + "/sites", mspToken, Map.of("name", "Main"));
    require(site, 201);
    return new Tenant(
        UUID.fromString(msp.at("msp.id")),
        UUID.fromString(customerId),
        UUID.fromString(site.at("id")),
        mspToken,
        customerToken);
  }

  public static Map<String, Object> creation(String name, String username) {
    return Map.of(
        "name",
        name,
        "timeZone",
        "Europe/London",
        "admin",
        Map.of("username", username, "requirePasswordChange", false));
  }

  private static void require(Answer answer, int status) {
    if (answer.status() != status) {
      throw new AssertionError(answer.status() + " " + answer.text());
    }
  }

  /** A valid token of the realm {@code master} on the same Keycloak. */
  public String masterToken() {
    URI endpoint = keycloak.issuer().resolve("/realms/master/protocol/openid-connect/token");
    return fetch(
        endpoint,
        "grant_type=password&client_id=admin-cli&username="
            + keycloak.adminUser()
            + "&password="
            + keycloak.adminPassword());
  }

  private String fetchToken(String clientId, String secret) {
    String form =
        "grant_type=client_credentials&client_id="
            + URLEncoder.encode(clientId, StandardCharsets.UTF_8)
            + "&client_secret="
            + secret;
    return fetch(keycloak.tokenEndpoint(), form);
  }

  private String fetch(URI endpoint, String form) {
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(endpoint)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build());
    return JSON.readTree(answer.body()).path("access_token").asString();
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
