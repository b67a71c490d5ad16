package io.sendense.protocol;

import io.sendense.domain.Edition;
import io.sendense.domain.PolicyId;
import io.sendense.domain.VmId;
import java.util.List;
import java.util.Optional;

/**
 * One policy as an appliance needs it.
 *
 * @param edition by which its VMs are metered
 * @param vms the VMs of this appliance that it covers
 * @param repository name of a repository in the appliance's own configuration
 * @param everySeconds from the start of one backup to the start of the next; the first runs at once
 * @param keepLast newest points to keep; 0 keeps all, and stands beside a {@code retention}, so
 *     that an appliance that does not know that keeps too much rather than too little
 * @param active false stops new points and leaves old ones
 * @param retention which points to keep, by counts and calendar
 * @param megabytesPerSecond the most that the policy's backups read from sources, put into the
 *     store and read from it, each by itself and all together
 * @param immutability what the repository must promise
 */
public record ProtectionPolicy(
    PolicyId id,
    String name,
    Edition edition,
    List<VmId> vms,
    String repository,
    long everySeconds,
    int keepLast,
    boolean active,
    Optional<Retention> retention,
    Optional<Integer> megabytesPerSecond,
    Optional<Immutability> immutability) {
  /** The highest limit of bandwidth. */
  public static final int MEGABYTES_MAX = 100_000;

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
    retention = Bounds.optional(retention);
    megabytesPerSecond = Bounds.optional(megabytesPerSecond);
    immutability = Bounds.optional(immutability);
    megabytesPerSecond.ifPresent(
        limit -> Bounds.within(limit, 1, MEGABYTES_MAX, "megabytesPerSecond"));
    if (retention.isPresent() && keepLast != 0) {
      throw new IllegalArgumentException(
          "the field \"keepLast\" is " + keepLast + ", beside a retention it must be 0");
    }
  }

  /** Without the terms that came later. */
  public ProtectionPolicy(
      PolicyId id,
      String name,
      Edition edition,
      List<VmId> vms,
      String repository,
      long everySeconds,
      int keepLast,
      boolean active) {
    this(
        id,
        name,
        edition,
        vms,
        repository,
        everySeconds,
        keepLast,
        active,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same with other terms. */
  public ProtectionPolicy with(
      Optional<Retention> keep, Optional<Integer> bandwidth, Optional<Immutability> promise) {
    return new ProtectionPolicy(
        id,
        name,
        edition,
        vms,
        repository,
        everySeconds,
        keep.isPresent() ? 0 : keepLast,
        active,
        keep,
        bandwidth,
        promise);
  }
}
