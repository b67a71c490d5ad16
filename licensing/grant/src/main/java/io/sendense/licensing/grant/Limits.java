package io.sendense.licensing.grant;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The most that may be protected; an absent limit is no limit.
 *
 * @param vms protected virtual machines
 * @param storageBytes stored bytes over all repositories of the appliance
 */
public record Limits(OptionalInt vms, OptionalLong storageBytes) {
  public static final Limits NONE = new Limits(OptionalInt.empty(), OptionalLong.empty());

  public Limits {
    if (vms.isPresent() && vms.getAsInt() < 0) {
      throw new IllegalArgumentException("a VM limit is not negative, got " + vms.getAsInt());
    }
    if (storageBytes.isPresent() && storageBytes.getAsLong() < 0) {
      throw new IllegalArgumentException(
          "a storage limit is not negative, got " + storageBytes.getAsLong());
    }
  }

  public static Limits ofVms(int vms) {
    return new Limits(OptionalInt.of(vms), OptionalLong.empty());
  }
}
