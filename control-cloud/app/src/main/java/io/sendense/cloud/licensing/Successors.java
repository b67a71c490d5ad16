package io.sendense.cloud.licensing;

import io.sendense.domain.LicenceId;
import io.sendense.licensing.grant.HardwareBinding;
import io.sendense.licensing.grant.Licence;
import java.time.Instant;
import java.util.UUID;

/** Licences that follow another one without anybody changing what was bought. */
final class Successors {
  private Successors() {}

  /** The same until {@code validTo}. */
  static Licence until(Licence before, Instant validTo, Instant now) {
    return copy(before, validTo, before.hardware(), before.transfersLeft(), now);
  }

  /** The same, for this hardware. */
  static Licence boundTo(Licence before, HardwareBinding hardware, Instant now) {
    return copy(before, before.validTo(), hardware, before.transfersLeft(), now);
  }

  /** The same for whatever hardware its appliance next has, with one transfer less. */
  static Licence transferred(Licence before, Instant now) {
    return copy(before, before.validTo(), HardwareBinding.NONE, before.transfersLeft() - 1, now);
  }

  private static Licence copy(
      Licence of, Instant validTo, HardwareBinding hardware, int transfers, Instant now) {
    return new Licence(
        new LicenceId(UUID.randomUUID()),
        of.msp(),
        of.customer(),
        of.appliance(),
        of.edition(),
        of.features(),
        of.limits(),
        LicenceRules.seconds(now),
        of.validFrom(),
        validTo,
        of.grace(),
        of.restricted(),
        of.offline(),
        hardware,
        transfers);
  }
}
