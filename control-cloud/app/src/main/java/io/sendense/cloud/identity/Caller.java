package io.sendense.cloud.identity;

import io.sendense.cloud.db.Scope;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.MspId;
import io.sendense.domain.SendenseException;
import java.time.Instant;
import java.util.Set;

/**
 * Who sent a request, as the verified token says. Controllers take it as a parameter.
 *
 * @param subject the token's subject, stable per account
 * @param username for people and the audit log
 * @param expiresAt when the token ends, and with it any stream that it opened
 */
public record Caller(
    String subject, String username, Set<Role> roles, Scope scope, Instant expiresAt) {
  public Caller {
    roles = Set.copyOf(roles);
  }

  public boolean has(Role role) {
    return roles.contains(role);
  }

  /**
   * The whole MSP named in a path: the caller's own, or any for a platform-admin, whose paths under
   * {@code /msps/{mspId}} are the only ones that lead inside an MSP.
   *
   * @throws SendenseException NOT_FOUND for any other MSP, as if there were none
   */
  public Scope wholeMsp(MspId msp) {
    boolean own = scope instanceof Scope.WholeMsp whole && whole.msp().equals(msp);
    if (own || has(Role.PLATFORM_ADMIN)) {
      return new Scope.WholeMsp(msp);
    }
    throw new SendenseException(
        ErrorCode.NOT_FOUND, "there is no MSP " + msp + " in your scope", "Check the identifier.");
  }
}
