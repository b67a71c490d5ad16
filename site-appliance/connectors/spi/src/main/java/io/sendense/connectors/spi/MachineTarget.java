package io.sendense.connectors.spi;

/**
 * The target half of a connector: makes virtual machines out of restored disks.
 *
 * <p>Everything it makes is first written to the {@link OwnerRecords} and stays there until {@link
 * MachineDraft#keep}. The owner calls all methods from one thread.
 */
public interface MachineTarget {
  /**
   * Says before the first byte moves whether such a machine can be made here: boot mode, number and
   * size of disks, networks, names, space, what cannot move. Changes nothing.
   *
   * @throws io.sendense.domain.SendenseException SOURCE_UNREADABLE where the platform does not
   *     answer
   */
  Readiness check(MachinePlan plan);

  /**
   * Begins a machine whose disks are made next.
   *
   * @throws io.sendense.domain.SendenseException CONFLICT with the first blocker's words where
   *     {@link #check} would not find it ready
   */
  MachineDraft begin(MachinePlan plan);

  /**
   * Removes what earlier processes left half made, by its owner records, where the target does not
   * tell one machine's from another's; otherwise nothing. Idempotent.
   */
  default void reap() {}

  /**
   * Removes what an earlier process left of a machine of this name and these disks. Idempotent.
   * Where a target goes on in {@link #begin} with what is there, this is the other choice.
   */
  default void reap(MachinePlan plan) {
    reap();
  }
}
