package io.sendense.licensing.grant;

/**
 * Something a person should know before it hurts.
 *
 * @param kind stable, for alerts
 * @param text one sentence with the date in UTC
 */
public record Warning(Kind kind, String text) {
  /** What a warning is about. */
  public enum Kind {
    LICENCE_ENDS,
    LEASE_ENDS,
    GRACE_ENDS,
    NEW_POINTS_END,
    SUSPENDED,
    CLOCK_ROLLED_BACK,
    NOT_YET_VALID
  }
}
