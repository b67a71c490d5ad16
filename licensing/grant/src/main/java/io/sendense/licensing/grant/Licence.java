package io.sendense.licensing.grant;

import io.sendense.domain.ApplianceId;
import io.sendense.domain.CustomerId;
import io.sendense.domain.Edition;
import io.sendense.domain.LicenceId;
import io.sendense.domain.MspId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a customer bought. A value: whether it is genuine is {@link LicenceVerifier}'s to say, and
 * what it allows today is {@link LicenceState}'s.
 *
 * <p>Instants are whole seconds. Valid over the half-open range {@code [validFrom, validTo)}.
 *
 * @param appliance the only one it is for; absent = every appliance of the customer
 * @param features bought beyond the edition
 * @param grace after the end everything still works for this long
 * @param restricted after grace new points are still made for this long
 * @param offline without any lease the licence alone is enough for this long from validFrom
 * @param transfersLeft moves to other hardware that are left
 */
public record Licence(
    LicenceId id,
    MspId msp,
    CustomerId customer,
    Optional<ApplianceId> appliance,
    Edition edition,
    Set<Feature> features,
    Limits limits,
    Instant issuedAt,
    Instant validFrom,
    Instant validTo,
    Duration grace,
    Duration restricted,
    Duration offline,
    HardwareBinding hardware,
    int transfersLeft) {
  /** Design promise 1. */
  public static final Duration DEFAULT_GRACE = Duration.ofDays(3);

  /** Design promise 1. */
  public static final Duration DEFAULT_RESTRICTED = Duration.ofDays(14);

  /** Design section 6. */
  public static final Duration DEFAULT_OFFLINE = Duration.ofDays(7);

  public Licence {
    features = Set.copyOf(features);
    GrantRules.wholeSeconds("issuedAt", issuedAt);
    GrantRules.range(validFrom, validTo);
    GrantRules.notNegative("grace", grace);
    GrantRules.notNegative("restricted", restricted);
    GrantRules.notNegative("offline", offline);
    if (transfersLeft < 0) {
      throw new IllegalArgumentException("transfers left are not negative, got " + transfersLeft);
    }
  }
}
