package io.sendense.billing.metering;

import io.sendense.domain.Edition;
import io.sendense.domain.VmId;

/**
 * One VM in one hour. Whether it counts as protected is worked out per day from these.
 *
 * @param edition the highest it had in this hour
 * @param policyActive whether a policy was active for it at any time of this hour
 * @param pointsHeld restore points held, the most at any time of this hour
 * @param storedBytes what they take in the repositories, the most at any time of this hour
 * @param movedBytes read from the source or sent on in this hour
 * @param replicationTargets the most at any time of this hour, at most 65535
 */
public record VmUsage(
    VmId vm,
    Edition edition,
    boolean policyActive,
    int pointsHeld,
    long storedBytes,
    long movedBytes,
    int replicationTargets) {
  public VmUsage {
    if (pointsHeld < 0 || storedBytes < 0 || movedBytes < 0) {
      throw new IllegalArgumentException("usage is not negative, VM " + vm);
    }
    if (replicationTargets < 0 || replicationTargets > 0xffff) {
      throw new IllegalArgumentException(
          "replication targets are 0 to 65535, got " + replicationTargets + ", VM " + vm);
    }
  }
}
