package io.sendense.connectors.libvirt;

/** Whether the guest's file systems stand still for the instant of a capture. */
public enum Freezing {
  /** Where the guest's agent can; otherwise the point is as after a power cut, and says why. */
  AUTO,
  /** A capture without is refused. */
  REQUIRE,
  /** The agent is not asked; the point is as after a power cut. */
  CRASH
}
