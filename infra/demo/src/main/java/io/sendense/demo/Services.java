package io.sendense.demo;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.keycloak.KeycloakAccess;
import java.net.URI;
import java.nio.file.Path;

/**
 * The cloud half while it runs.
 *
 * @param cloud address of API and portal
 * @param link address that appliances dial
 * @param issuer of tokens
 * @param state folder of the control plane's keys
 * @param platformAdmin the platform owner's service account at the API
 * @param identity the identity provider and its first accounts
 * @param controlPlane its process
 */
record Services(
    URI cloud,
    URI link,
    URI issuer,
    Path state,
    Api platformAdmin,
    KeycloakAccess identity,
    ChildProcess controlPlane) {
  /** The certificate that appliances are given to know the link by. */
  Path linkCa() {
    return state.resolve("link-ca.pem");
  }

  /** The public keys that appliances are given to know licences by. */
  Path licenceTrust() {
    return state.resolve("licence-keys").resolve("trust.json");
  }
}
