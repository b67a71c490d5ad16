package io.sendense.licensing.grant;

/** How far a licence has run out, in the order in which it does (design promise 1). */
public enum Stage {
  /** Everything the edition includes. */
  VALID,
  /** Everything goes on, with a warning. */
  GRACE,
  /** Schedules go on; nothing new may be taken under protection. */
  RESTRICTED,
  /** No new points. */
  SUSPENDED
}
