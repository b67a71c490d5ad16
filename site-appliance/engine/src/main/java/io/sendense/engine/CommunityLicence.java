package io.sendense.engine;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.Set;

/** What an appliance may do that no cloud has licensed: five machines, for ever, local storage. */
public final class CommunityLicence implements LicenceGate {
  public static final int MAX_VMS = 5;

  @Override
  public void checkNewPoint(String vm, Set<String> protectedVms) {
    if (!protectedVms.contains(vm) && protectedVms.size() >= MAX_VMS) {
      throw new SendenseException(
          ErrorCode.LICENCE_LIMIT,
          "the community edition protects "
              + MAX_VMS
              + " machines, and "
              + protectedVms.size()
              + " have points already: "
              + String.join(", ", protectedVms.stream().sorted().toList()),
          "Back up one of those, or enrol this appliance with a licence. Restores always work.");
    }
  }
}
