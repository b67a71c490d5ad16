package io.sendense.recovery.convert;

/**
 * Something about the guest that matters on the target.
 *
 * @param subject what it is about, such as "initramfs" or "network"
 * @param text a sentence for people
 */
public record Finding(Severity severity, String subject, String text) {
  /** How much it matters. */
  public enum Severity {
    /** The guest will not start, or would be damaged: nothing is written. */
    BLOCKER,
    /** Something may not work, or has to be done by a person. */
    WARNING,
    NOTE
  }
}
