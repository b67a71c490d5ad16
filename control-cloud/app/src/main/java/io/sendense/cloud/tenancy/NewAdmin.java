package io.sendense.cloud.tenancy;

import io.sendense.cloud.db.Scope;
import io.sendense.cloud.identity.Accounts;
import io.sendense.cloud.identity.Role;
import io.sendense.cloud.web.Findings;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The first administrator in a request, not checked yet. */
public record NewAdmin(
    @Nullable String username, @Nullable String email, @Nullable Boolean requirePasswordChange) {
  private static final Pattern USERNAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{2,79}");
  private static final Pattern EMAIL = Pattern.compile("[^@\\s]{1,100}@[^@\\s]{1,98}");

  static void check(@Nullable NewAdmin admin, Findings findings) {
    if (admin == null) {
      findings.add("admin", "is missing");
      return;
    }
    findings.matching(admin.username(), "admin.username", USERNAME, "3 to 80 of a-z 0-9 . _ @ -");
    if (admin.email() != null) {
      findings.matching(admin.email(), "admin.email", EMAIL, "an e-mail address");
    }
  }

  public Accounts.NewAccount account(Role role, Scope scope) {
    return new Accounts.NewAccount(
        Optional.ofNullable(username).orElseThrow(),
        Optional.ofNullable(email),
        requirePasswordChange == null || requirePasswordChange,
        role,
        scope);
  }
}
