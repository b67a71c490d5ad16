package io.sendense.cloud.identity;

import io.sendense.cloud.db.Scope;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.keycloak.OAuth2Constants;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.KeycloakBuilder;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.representations.idm.RoleRepresentation;
import org.keycloak.representations.idm.UserRepresentation;
import org.springframework.stereotype.Component;

/**
 * Accounts in Keycloak. Role and scope are realm role and user attributes, which only
 * administrators of the realm can edit; protocol mappers put them into tokens.
 */
@Component
class KeycloakAccounts implements Accounts, AutoCloseable {
  private static final int PASSWORD_BYTES = 18;
  private static final String REALMS = "/realms/";

  private final Keycloak keycloak;
  private final String realm;
  private final SecureRandom random = new SecureRandom();

  KeycloakAccounts(KeycloakSettings settings, OidcSettings oidc) {
    String issuer = oidc.issuer().toString();
    int split = issuer.indexOf(REALMS);
    String url =
        Optional.ofNullable(settings.url())
            .map(URI::toString)
            .orElse(issuer.substring(0, Math.max(split, 0)));
    this.realm =
        Optional.ofNullable(settings.realm()).orElse(issuer.substring(split + REALMS.length()));
    this.keycloak =
        KeycloakBuilder.builder()
            .serverUrl(url)
            .realm(realm)
            .grantType(OAuth2Constants.CLIENT_CREDENTIALS)
            .clientId(settings.clientId())
            .clientSecret(settings.clientSecret())
            .build();
  }

  @Override
  public Credentials create(NewAccount account) {
    return talking(() -> createBoth(account));
  }

  @Override
  public void remove(Credentials credentials) {
    talking(
        () -> {
          keycloak.realm(realm).users().searchByUsername(credentials.username(), true).stream()
              .map(UserRepresentation::getId)
              .forEach(id -> keycloak.realm(realm).users().delete(id).close());
          keycloak.realm(realm).clients().findByClientId(credentials.clientId()).stream()
              .map(ClientRepresentation::getId)
              .forEach(id -> keycloak.realm(realm).clients().get(id).remove());
          return true;
        });
  }

  @Override
  public void close() {
    keycloak.close();
  }

  private Credentials createBoth(NewAccount account) {
    Credentials credentials =
        new Credentials(account.username(), secret(), "svc-" + account.username(), secret());
    String userId = createUser(account, credentials.password());
    try {
      grant(userId, account.role());
      createServiceAccount(account, credentials);
      return credentials;
    } catch (RuntimeException e) {
      remove(credentials);
      throw e;
    }
  }

  private String createUser(NewAccount account, String password) {
    CredentialRepresentation first = new CredentialRepresentation();
    first.setType(CredentialRepresentation.PASSWORD);
    first.setValue(password);
    first.setTemporary(account.mustChangePassword());
    UserRepresentation user = new UserRepresentation();
    user.setUsername(account.username());
    account.email().ifPresent(user::setEmail);
    user.setEnabled(true);
    user.setAttributes(attributes(account.scope()));
    user.setCredentials(List.of(first));
    try (Response answer = keycloak.realm(realm).users().create(user)) {
      return createdId(answer, "user name or e-mail address", account.username());
    }
  }

  private void createServiceAccount(NewAccount account, Credentials credentials) {
    ClientRepresentation client = new ClientRepresentation();
    client.setClientId(credentials.clientId());
    client.setSecret(credentials.clientSecret());
    client.setPublicClient(false);
    client.setServiceAccountsEnabled(true);
    client.setStandardFlowEnabled(false);
    client.setDirectAccessGrantsEnabled(false);
    RealmResource resource = keycloak.realm(realm);
    try (Response answer = resource.clients().create(client)) {
      String clientId = createdId(answer, "service account", credentials.clientId());
      UserRepresentation service = resource.clients().get(clientId).getServiceAccountUser();
      service.setAttributes(attributes(account.scope()));
      resource.users().get(service.getId()).update(service);
      grant(service.getId(), account.role());
    }
  }

  private void grant(String userId, Role role) {
    RealmResource resource = keycloak.realm(realm);
    RoleRepresentation granted = resource.roles().get(role.wireName()).toRepresentation();
    resource.users().get(userId).roles().realmLevel().add(List.of(granted));
  }

  private static Map<String, List<String>> attributes(Scope scope) {
    Map<String, List<String>> attributes = new HashMap<>();
    scope.mspId().ifPresent(msp -> attributes.put(TokenScope.MSP, List.of(msp.toString())));
    if (scope instanceof Scope.Customers some) {
      attributes.put(
          TokenScope.CUSTOMERS, some.customers().stream().map(Object::toString).sorted().toList());
    }
    return attributes;
  }

  private static String createdId(Response answer, String what, String name) {
    if (answer.getStatus() == 409) {
      throw new SendenseException(
          ErrorCode.ALREADY_EXISTS,
          "the " + what + " " + name + " is taken",
          "Choose another; user names are shared by all tenants.");
    }
    if (answer.getStatus() != 201 || answer.getLocation() == null) {
      throw new SendenseException(
          ErrorCode.IDENTITY_UNAVAILABLE,
          "Keycloak answered " + answer.getStatus() + " when " + name + " was to be created",
          "Check that the realm is the one of infra/keycloak.");
    }
    String path = answer.getLocation().getPath();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private String secret() {
    byte[] bytes = new byte[PASSWORD_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static <T> T talking(Supplier<T> exchange) {
    try {
      return exchange.get();
    } catch (NotFoundException e) {
      throw unavailable("does not have what the control plane needs in its realm", e);
    } catch (WebApplicationException e) {
      throw unavailable("refused with " + e.getResponse().getStatus(), e);
    } catch (ProcessingException e) {
      throw unavailable("could not be reached", e);
    }
  }

  private static SendenseException unavailable(String what, RuntimeException cause) {
    return new SendenseException(
        ErrorCode.IDENTITY_UNAVAILABLE,
        "Keycloak " + what,
        "Check that it runs and that sendense.keycloak.client-secret is its client's.",
        cause);
  }
}
