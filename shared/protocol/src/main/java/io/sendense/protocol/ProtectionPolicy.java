package io.sendense.protocol;

import io.sendense.domain.Edition;
import io.sendense.domain.PolicyId;
import io.sendense.domain.VmId;
import java.util.List;

/**
 * One policy as an appliance needs it.
 *
 * @param edition by which its VMs are metered
 * @param vms the VMs of this appliance that it covers
 * @param repository name of a repository in the appliance's own configuration
 * @param everySeconds from the start of one backup to the start of the next; the first runs at once
 * @param keepLast newest points to keep; 0 keeps all
 * @param active false stops new points and leaves old ones
 */
public record ProtectionPolicy(
    PolicyId id,
    String name,
    Edition edition,
    List<VmId> vms,
    String repository,
    long everySeconds,
    int keepLast,
    boolean active) {
  /** The shortest interval between two backups of a VM. */
  public static final long MIN_EVERY_SECONDS = 1;

  /** The longest interval, 366 days. */
  public static final long MAX_EVERY_SECONDS = 366L * 24 * 3600;

  public ProtectionPolicy {
    Bounds.required(id, "id");
    Bounds.text(name, Bounds.NAME, "name");
    Bounds.required(edition, "edition");
    vms = Bounds.list(vms, Bounds.VMS, "vms");
    Bounds.text(repository, Bounds.NAME, "repository");
    if (everySeconds < MIN_EVERY_SECONDS || everySeconds > MAX_EVERY_SECONDS) {
      throw new IllegalArgumentException(
          "the field \"everySeconds\" is " + everySeconds + ", allowed are 1 to 31622400");
    }
    Bounds.within(keepLast, 0, 100_000, "keepLast");
  }
}
