package io.sendense.testkit.keycloak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The few calls of Keycloak's administration interface that a fresh server needs. */
final class KeycloakAdmin {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI server;
  private final String token;

  KeycloakAdmin(URI server, String user, String password) {
    this.server = server;
    this.token =
        post(
                server.resolve("/realms/master/protocol/openid-connect/token"),
                Map.of(
                    "grant_type",
                    "password",
                    "client_id",
                    "admin-cli",
                    "username",
                    user,
                    "password",
                    password))
            .path("access_token")
            .stringValue();
  }

  void createRealm(String json) {
    send("POST", "/admin/realms", json, 201);
  }

  void setClientSecret(String realm, String clientId, String secret) {
    ObjectNode client = client(realm, clientId);
    client.put("secret", secret);
    send("PUT", clientPath(realm, client), client.toString(), 204);
  }

  /** Lets the portal be served from these origins; replaces the ones before. */
  void allowOrigins(String realm, String clientId, List<String> origins) {
    ObjectNode client = client(realm, clientId);
    ArrayNode redirects = client.putArray("redirectUris");
    ArrayNode webOrigins = client.putArray("webOrigins");
    for (String origin : origins) {
      redirects.add(origin + "/*");
      webOrigins.add(origin);
    }
    client.withObject("/attributes").put("post.logout.redirect.uris", "+");
    send("PUT", clientPath(realm, client), client.toString(), 204);
  }

  /** Creates a person with a realm role, or gives one that is there the password. */
  void putUser(String realm, String username, String password, String role) {
    ObjectNode user = JSON.createObjectNode();
    user.put("username", username).put("enabled", true);
    send("POST", "/admin/realms/" + realm + "/users", user.toString(), 201, 409);
    setPassword(realm, username, password);
    grant(realm, userId(realm, username), role);
  }

  /** Gives a client's service account a realm role. */
  void grantToService(String realm, String clientId, String role) {
    JsonNode user =
        send("GET", clientPath(realm, client(realm, clientId)) + "/service-account-user", "", 200);
    grant(realm, user.path("id").stringValue(), role);
  }

  void setPassword(String realm, String username, String password) {
    ObjectNode credential = JSON.createObjectNode();
    credential.put("type", "password").put("value", password).put("temporary", false);
    send(
        "PUT",
        "/admin/realms/" + realm + "/users/" + userId(realm, username) + "/reset-password",
        credential.toString(),
        204);
  }

  private void grant(String realm, String userId, String role) {
    JsonNode found = send("GET", "/admin/realms/" + realm + "/roles/" + role, "", 200);
    send(
        "POST",
        "/admin/realms/" + realm + "/users/" + userId + "/role-mappings/realm",
        JSON.createArrayNode().add(found).toString(),
        204);
  }

  private String userId(String realm, String username) {
    JsonNode found =
        send("GET", "/admin/realms/" + realm + "/users?exact=true&username=" + username, "", 200);
    return found.path(0).path("id").stringValue();
  }

  private ObjectNode client(String realm, String clientId) {
    JsonNode found =
        send("GET", "/admin/realms/" + realm + "/clients?clientId=" + clientId, "", 200);
    return (ObjectNode) found.get(0);
  }

  private static String clientPath(String realm, JsonNode client) {
    return "/admin/realms/" + realm + "/clients/" + client.path("id").stringValue();
  }

  private JsonNode send(String method, String path, String body, int... expected) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    return exchange(request.build(), expected);
  }

  private JsonNode post(URI uri, Map<String, String> form) {
    String body =
        form.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return exchange(
        HttpRequest.newBuilder(uri)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        200);
  }

  private JsonNode exchange(HttpRequest request, int... expected) {
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      for (int status : expected) {
        if (answer.statusCode() == status) {
          return answer.body().isBlank() ? JSON.createObjectNode() : JSON.readTree(answer.body());
        }
      }
      throw new IllegalStateException(
          "Keycloak answered "
              + answer.statusCode()
              + " to "
              + request.method()
              + " "
              + request.uri().getPath()
              + ": "
              + answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while talking to Keycloak", e);
    }
  }
}
