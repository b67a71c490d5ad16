package io.sendense.protocol;

/**
 * What a policy demands of its repository: that its points cannot be deleted for so long. The lock
 * is the repository's own, given when it was made; an appliance makes no point in one without it.
 *
 * @param days at least, 1 to 3,650
 */
public record Immutability(Mode mode, int days) {
  /** Who may lift a lock before its time. */
  public enum Mode {
    /** An administrator of the store; a repository in compliance mode will do too. */
    GOVERNANCE,
    /** Nobody. */
    COMPLIANCE
  }

  public Immutability {
    Bounds.required(mode, "mode");
    Bounds.within(days, 1, 3_650, "days");
  }
}
