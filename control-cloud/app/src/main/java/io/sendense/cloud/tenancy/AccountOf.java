package io.sendense.cloud.tenancy;

import io.sendense.cloud.identity.Accounts;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * Creates accounts as the last step of a transaction and removes them again when its commit fails,
 * so that a failed request leaves no account behind that would block the next try.
 */
public final class AccountOf {
  private AccountOf() {}

  /** Runs {@code transaction} with a creator of accounts to call inside of it. */
  public static <T> T during(
      Accounts accounts,
      Function<Function<Accounts.NewAccount, Accounts.Credentials>, T> transaction) {
    AtomicReference<Optional<Accounts.Credentials>> created =
        new AtomicReference<>(Optional.empty());
    try {
      return transaction.apply(
          account -> {
            Accounts.Credentials credentials = accounts.create(account);
            created.set(Optional.of(credentials));
            return credentials;
          });
    } catch (RuntimeException e) {
      try {
        created.get().ifPresent(accounts::remove);
      } catch (RuntimeException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }
}
