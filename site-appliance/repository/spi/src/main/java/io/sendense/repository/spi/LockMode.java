package io.sendense.repository.spi;

/**
 * Who may shorten or lift a lock before its time. Nothing the product does by itself ever tries.
 */
public enum LockMode {
  /** An administrator of the store with a special right may. */
  GOVERNANCE,
  /** Nobody may, the owner of the account included. */
  COMPLIANCE
}
