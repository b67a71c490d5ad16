package io.sendense.repository.remote;

/** What a peer may be allowed beyond connecting. */
public enum Right {
  /** See, list and read objects. */
  READ,
  /** Put objects under free names. */
  ADD,
  /** Delete objects that no lock or hold keeps. */
  DELETE,
  /** Put objects with a lock, lengthen locks, set legal holds. */
  LOCK,
  /** Lift legal holds. */
  RELEASE,
  /** Move objects between tiers. */
  TIER
}
