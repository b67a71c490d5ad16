package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.cloud.CloudUnderTest.Tenant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Calls operations for their owner, each of which must succeed with a body that the contract
 * accepts. A request on an object in its path is first made by everybody who must not reach it, so
 * every refusal is proved against a request that is right in all but who makes it.
 */
final class Walk {
  private final CloudUnderTest cloud;
  private final Contract answered;
  private final Strangers strangers;

  Walk(CloudUnderTest cloud, Contract answered, Tenant owner) {
    this.cloud = cloud;
    this.answered = answered;
    this.strangers = Strangers.of(cloud, owner);
  }

  CloudUnderTest cloud() {
    return cloud;
  }

  Contract answered() {
    return answered;
  }

  Strangers strangers() {
    return strangers;
  }

  Answer get(String path, String token) {
    return call("GET", path, token, "");
  }

  /** Gets a page that must hold something. */
  Answer notEmpty(String path, String token) {
    Answer page = get(path, token);
    assertThat(page.json().path("items").size()).as(path).isPositive();
    return page;
  }

  Answer post(String path, String token, Object body) {
    return call("POST", path, token, body);
  }

  Answer put(String path, String token, Object body) {
    return call("PUT", path, token, body);
  }

  Answer delete(String path, String token) {
    return call("DELETE", path, token, "");
  }

  Answer call(String method, String path, String token, Object body) {
    return call(method, path, token, body, Map.of());
  }

  Answer call(String method, String path, String token, Object body, Map<String, String> headers) {
    strangers.tryIt(method, path, body, headers);
    Answer answer = cloud.call(method, path, token, body, headers);
    assertThat(answer.status()).as(method + " " + path + ": " + answer.text()).isBetween(200, 299);
    List<String> types = answer.headers().getOrDefault("content-type", List.of());
    answered.require(method, path, answer.status(), types.stream().findFirst(), answer.text());
    return answer;
  }

  /** Notes an answer that came another way than by this walk. */
  void came(String method, String path, int status, String type, String body) {
    answered.require(method, path, status, Optional.of(type), body);
  }
}
