package io.sendense.cloud.fleet.internal;

import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.cloud.protection.HeldVm;
import io.sendense.domain.ApplianceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jooq.DSLContext;

/**
 * Which appliances still hold the machines that they reported. The rule and its reason are in
 * docs/architecture/cloud.md.
 */
final class VmHolders {
  /** After so long without a word an appliance holds nothing against another one. */
  static final Duration SILENT = Duration.ofHours(24);

  private static final int NAMED = 5;

  private VmHolders() {}

  /**
   * @param sibling any appliance of the same customer
   */
  static boolean holds(DSLContext dsl, ApplianceIdentity sibling, ApplianceId holder, Instant now) {
    ApplianceIdentity identity = new ApplianceIdentity(sibling.msp(), sibling.customer(), holder);
    return Rows.find(dsl, identity)
        .filter(row -> !row.getState().equals("banned") && !row.getState().equals("retired"))
        .flatMap(row -> Optional.ofNullable(row.getLastSeenAt()))
        .filter(seen -> seen.toInstant().plus(SILENT).isAfter(now))
        .isPresent();
  }

  /** What a person should know and do about machines that were left out of a report. */
  static String message(List<HeldVm> held) {
    String machines =
        held.stream()
            .limit(NAMED)
            .map(vm -> vm.name() + " (" + vm.vm() + ", held by appliance " + vm.holder() + ")")
            .collect(Collectors.joining(", "));
    String more = held.size() > NAMED ? " and " + (held.size() - NAMED) + " more" : "";
    return "It reports machines that another appliance holds; they were left out: "
        + machines
        + more
        + ". Remove each from one of the two, or ban the appliance that should not have it.";
  }
}
