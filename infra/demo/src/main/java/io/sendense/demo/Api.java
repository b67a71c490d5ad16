package io.sendense.demo;

import io.sendense.demo.Story.ProofFailed;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The control plane's API as one signed-in user sees it. */
final class Api {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(DEADLINE).build();
  private final URI base;
  private final String token;

  Api(URI base, String token) {
    this.base = base;
    this.token = token;
  }

  /** An answer as it came; the body is JSON where there is one. */
  record Answer(int status, JsonNode body) {
    JsonNode orFail(String what) {
      if (status / 100 != 2) {
        throw new ProofFailed(what + " was answered with " + status + ": " + body);
      }
      return body;
    }
  }

  /** Signs in as a service account; the secret travels in the form's body, never in an address. */
  static Api asClient(URI base, URI issuer, String clientId, String secret)
      throws IOException, InterruptedException {
    return new Api(base, token(issuer, clientId, secret));
  }

  /** An access token of a service account, by the client credentials grant. */
  static String token(URI issuer, String clientId, String secret)
      throws IOException, InterruptedException {
    String body =
        "grant_type=client_credentials&client_id="
            + encode(clientId)
            + "&client_secret="
            + encode(secret);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(issuer + "/protocol/openid-connect/token"))
            .timeout(DEADLINE)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new ProofFailed(clientId + " could not sign in: " + answer.statusCode());
      }
      return JSON.readTree(answer.body()).path("access_token").asString();
    }
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  Answer delete(String path) throws IOException, InterruptedException {
    return send(request(path).DELETE());
  }

  /** Posts with an idempotency key of its own. */
  Answer post(String path, Object body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(DEADLINE)
        .header("Authorization", "Bearer " + token)
        .header("Accept", "application/json, application/problem+json");
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    String text = answer.body();
    JsonNode body = text.isBlank() ? JSON.createObjectNode() : parse(text);
    return new Answer(answer.statusCode(), body);
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (tools.jackson.core.JacksonException e) {
      throw new ProofFailed(
          "the answer is not JSON: " + text.substring(0, Math.min(200, text.length())));
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
