package io.sendense.cloud.identity;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the control plane manages accounts.
 *
 * @param url of Keycloak; empty takes it from the issuer
 * @param realm of the accounts; empty takes it from the issuer
 * @param clientId confidential client whose service account may manage users and clients
 */
@ConfigurationProperties("sendense.keycloak")
public record KeycloakSettings(
    @Nullable URI url,
    @Nullable String realm,
    @DefaultValue("sendense-control-plane") String clientId,
    String clientSecret) {
  @Override
  public String toString() {
    return "KeycloakSettings[" + url + ", " + realm + ", " + clientId + "]";
  }
}
