package io.sendense.engine;

import java.util.Set;

/**
 * Says whether a new restore point may be made. Restore, export, verify and listing never ask: no
 * state of a licence stops them.
 */
public interface LicenceGate {
  /**
   * @param vm name of the machine that a backup is about to capture
   * @param protectedVms names of the machines that have points already, wherever this appliance
   *     stores
   * @throws io.sendense.domain.SendenseException LICENCE_LIMIT, LICENCE_EXPIRED, LICENCE_INVALID or
   *     CLOCK_ROLLED_BACK
   */
  void checkNewPoint(String vm, Set<String> protectedVms);
}
