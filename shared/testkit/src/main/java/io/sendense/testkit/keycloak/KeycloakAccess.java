package io.sendense.testkit.keycloak;

import java.net.URI;

/**
 * How to reach the realm, and the generated secrets of its first accounts. No account has a known
 * password anywhere.
 *
 * @param issuer as it stands in tokens
 * @param controlPlaneSecret of the client {@code sendense-control-plane}, which manages accounts
 * @param platformSecret of the client {@code sendense-platform}, a service account with the role
 *     platform-admin (client credentials)
 * @param platformUser a person with the role platform-admin
 */
public record KeycloakAccess(
    URI issuer,
    String controlPlaneSecret,
    String platformSecret,
    String platformUser,
    String platformPassword,
    String adminUser,
    String adminPassword) {
  /** Client whose service account manages the realm's accounts. */
  public static final String CONTROL_PLANE_CLIENT = "sendense-control-plane";

  /** Client whose service account is a platform-admin. */
  public static final String PLATFORM_CLIENT = "sendense-platform";

  /** Where a client gets tokens. */
  public URI tokenEndpoint() {
    return URI.create(issuer + "/protocol/openid-connect/token");
  }

  @Override
  public String toString() {
    return "KeycloakAccess[" + issuer + "]";
  }
}
