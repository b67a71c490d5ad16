package io.sendense.connectors.spi;

/**
 * Why something cannot be done, found out before the first byte moves.
 *
 * @param what was found, where
 * @param remedy what a person can do about it
 */
public record Blocker(Kind kind, String what, String remedy) {
  /** What stands in the way, for callers that offer a way around it. */
  public enum Kind {
    /** The machine's state, such as being off or being migrated. */
    STATE,
    /** A disk that the platform cannot freeze or read, or the target cannot hold. */
    DISK,
    /** A network that is not there or was not mapped. */
    NETWORK,
    /** BIOS, UEFI or secure boot. */
    FIRMWARE,
    /** Secrets that cannot move: a virtual TPM, encrypted state. */
    TPM,
    PROCESSORS,
    MEMORY,
    /** A name that is taken or not allowed. */
    NAME,
    SPACE,
    RIGHTS,
    /** A version, licence or setting of the platform itself. */
    PLATFORM
  }
}
