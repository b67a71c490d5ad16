package io.sendense.billing.rating;

/** Who pays whom. */
public enum Side {
  /** The customer pays the MSP. */
  RETAIL,
  /** The MSP pays the platform. */
  WHOLESALE
}
