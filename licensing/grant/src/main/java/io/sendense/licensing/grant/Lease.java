package io.sendense.licensing.grant;

import io.sendense.domain.ApplianceId;
import io.sendense.domain.LicenceId;
import java.time.Duration;
import java.time.Instant;

/**
 * The right to go on for some days, renewed by heartbeat. Valid over the half-open range {@code
 * [notBefore, expiresAt)}, whole seconds.
 *
 * @param sequence from 1, one more with each renewal of the same licence
 */
public record Lease(
    LicenceId licence,
    ApplianceId appliance,
    long sequence,
    Instant issuedAt,
    Instant notBefore,
    Instant expiresAt) {
  /** A lease that lasts longer is a licence in disguise. */
  public static final Duration LONGEST = Duration.ofDays(31);

  public Lease {
    if (sequence < 1) {
      throw new IllegalArgumentException("a lease sequence begins at 1, got " + sequence);
    }
    GrantRules.wholeSeconds("issuedAt", issuedAt);
    GrantRules.range(notBefore, expiresAt);
    if (Duration.between(notBefore, expiresAt).compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "a lease lasts at most "
              + LONGEST.toDays()
              + " days, got "
              + notBefore
              + " to "
              + expiresAt);
    }
  }

  /** From notBefore to expiresAt. */
  public Duration length() {
    return Duration.between(notBefore, expiresAt);
  }
}
