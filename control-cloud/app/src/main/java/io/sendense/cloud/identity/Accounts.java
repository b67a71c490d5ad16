package io.sendense.cloud.identity;

import io.sendense.cloud.db.Scope;
import java.util.Optional;

/**
 * Accounts at the identity provider: a person who signs in, and a service account with the same
 * rights. The provider is no part of our transaction: callers create accounts last, and remove them
 * when their own commit fails. Thread-safe.
 */
public interface Accounts {
  /**
   * A person to be.
   *
   * @param mustChangePassword whether the first sign-in asks for a new password
   */
  record NewAccount(
      String username,
      Optional<String> email,
      boolean mustChangePassword,
      Role role,
      Scope scope) {}

  /** Generated credentials, shown once. */
  record Credentials(String username, String password, String clientId, String clientSecret) {
    @Override
    public String toString() {
      return "Credentials[" + username + ", " + clientId + "]";
    }
  }

  /**
   * Creates both accounts, or neither.
   *
   * @throws io.sendense.domain.SendenseException ALREADY_EXISTS when the user name is taken,
   *     IDENTITY_UNAVAILABLE when the provider cannot be reached
   */
  Credentials create(NewAccount account);

  /** Removes both accounts of earlier credentials; no failure when they are gone. */
  void remove(Credentials credentials);
}
