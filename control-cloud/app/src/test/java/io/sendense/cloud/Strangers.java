package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.cloud.CloudUnderTest.Tenant;
import io.sendense.cloud.identity.ApiOperations;
import io.sendense.cloud.identity.Operation;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.http.server.PathContainer;

/**
 * Everybody who must not reach what belongs to a tenant's customer: another MSP, a customer of
 * another MSP, and another customer of the same MSP.
 */
final class Strangers {
  private final CloudUnderTest cloud;
  private final Tenant owner;
  private final Map<String, String> tokens;
  private final TenantRows rows;
  private final Map<String, Integer> refused = new TreeMap<>();

  private Strangers(CloudUnderTest cloud, Tenant owner, Map<String, String> tokens) {
    this.cloud = cloud;
    this.owner = owner;
    this.tokens = tokens;
    this.rows = new TenantRows(cloud, owner.msp());
  }

  static Strangers of(CloudUnderTest cloud, Tenant owner) {
    // Not the owner's identifier itself: it must not be found in what strangers are told.
    String of = Integer.toHexString(owner.customer().hashCode());
    Tenant other = cloud.newTenant("stranger-" + of);
    Answer sibling =
        cloud.call(
            "POST",
            "/customers",
            owner.mspToken(),
            CloudUnderTest.creation("Sibling " + of, "sibling-" + of));
    Map<String, String> tokens = new LinkedHashMap<>();
    tokens.put("another MSP", other.mspToken());
    tokens.put("a customer of another MSP", other.customerToken());
    tokens.put(
        "another customer of the same MSP",
        cloud.token(sibling.at("credentials.clientId"), sibling.at("credentials.clientSecret")));
    return new Strangers(cloud, owner, tokens);
  }

  /**
   * Makes the owner's request as each stranger: refused where its path names an object, and without
   * anything of the owner's where it reads a list; no row of the owner's MSP changes.
   */
  void tryIt(String method, String path, Object body, Map<String, String> headers) {
    Operation operation = operation(method, path);
    if (operation.path().contains("{externalId}")) {
      // A name of the MSP's own: another MSP that asks for it makes its own, so they only look.
      tryIt(operation, "GET", path, "", headers);
    } else {
      tryIt(operation, method, path, body, headers);
    }
  }

  private void tryIt(
      Operation operation, String method, String path, Object body, Map<String, String> headers) {
    boolean named = operation.path().contains("{");
    if (operation.open() || (!named && !method.equals("GET")) || path.equals("/events")) {
      return;
    }
    Map<String, String> before = rows.digests();
    tokens.forEach(
        (who, token) -> {
          Answer answer = cloud.call(method, path, token, body, headers);
          String what = who + ": " + method + " " + path + ": " + answer.text();
          if (named) {
            assertThat(answer.status()).as(what).isIn(403, 404);
            assertThat(answer.at("code")).as(what).isIn("SD-1001", "SD-1003");
          } else if (answer.status() != 403 && answer.status() != 404) {
            assertThat(answer.status()).as(what).isEqualTo(200);
            assertThat(answer.text()).as(what).doesNotContain(owner.customer().toString());
          }
          refused.merge(operation.id(), 1, Integer::sum);
        });
    assertThat(rows.digests()).as("rows after " + method + " " + path).isEqualTo(before);
  }

  Collection<String> tokens() {
    return tokens.values();
  }

  /** How often each operation was tried by a stranger. */
  Map<String, Integer> tried() {
    return refused;
  }

  /** The operations on an object that no stranger has tried. */
  List<String> untried() {
    return cloud.bean(ApiOperations.class).all().stream()
        .filter(operation -> operation.path().contains("{"))
        .map(Operation::id)
        .filter(id -> !refused.containsKey(id))
        .toList();
  }

  private Operation operation(String method, String path) {
    String plain = path.contains("?") ? path.substring(0, path.indexOf('?')) : path;
    return cloud
        .bean(ApiOperations.class)
        .find(method, PathContainer.parsePath("/api/v1" + plain))
        .orElseThrow(() -> new AssertionError("not in the contract: " + method + " " + path));
  }
}
