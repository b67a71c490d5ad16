package io.sendense.demo;

import io.sendense.demo.Story.ProofFailed;
import io.sendense.testkit.keycloak.KeycloakAccess;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Real tokens of the real identity provider that live for one second. */
final class ShortLivedTokens {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final KeycloakAccess identity;

  ShortLivedTokens(KeycloakAccess identity) {
    this.identity = identity;
  }

  /** A token of the platform's service account, whose client is told to live briefly for it. */
  String take() throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      String server = identity.issuer().toString().replaceFirst("/realms/.*", "");
      String admin = adminToken(http, server);
      String clients = server + "/admin/realms/sendense/clients";
      JsonNode client =
          JSON.readTree(
                  send(
                      http,
                      request(clients + "?clientId=" + KeycloakAccess.PLATFORM_CLIENT, admin)
                          .GET()))
              .path(0);
      lifespan(http, clients, admin, client, "1");
      String token =
          Api.token(identity.issuer(), KeycloakAccess.PLATFORM_CLIENT, identity.platformSecret());
      lifespan(http, clients, admin, client, "");
      return token;
    }
  }

  private static void lifespan(
      HttpClient http, String clients, String admin, JsonNode client, String seconds)
      throws IOException, InterruptedException {
    ObjectNode changed = (ObjectNode) client.deepCopy();
    changed.withObject("/attributes").put("access.token.lifespan", seconds);
    send(
        http,
        request(clients + "/" + client.path("id").asString(), admin)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(changed))));
  }

  private String adminToken(HttpClient http, String server)
      throws IOException, InterruptedException {
    String form =
        "grant_type=password&client_id=admin-cli&username="
            + encode(identity.adminUser())
            + "&password="
            + encode(identity.adminPassword());
    String answer =
        send(
            http,
            HttpRequest.newBuilder(
                    URI.create(server + "/realms/master/protocol/openid-connect/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    return JSON.readTree(answer).path("access_token").asString();
  }

  private static HttpRequest.Builder request(String address, String token) {
    return HttpRequest.newBuilder(URI.create(address)).header("Authorization", "Bearer " + token);
  }

  private static String send(HttpClient http, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new ProofFailed("Keycloak answered " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
