package io.sendense.licensing.issuer;

import io.sendense.domain.ApplianceId;
import io.sendense.domain.CustomerId;
import io.sendense.domain.Edition;
import io.sendense.domain.LicenceId;
import io.sendense.domain.MspId;
import io.sendense.licensing.grant.HardwareBinding;
import io.sendense.licensing.grant.Licence;
import io.sendense.licensing.grant.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** An ordinary licence for a month. */
final class TestLicence {
  private TestLicence() {}

  static Licence of(CustomerId customer, ApplianceId appliance, Instant now) {
    return new Licence(
        new LicenceId(new UUID(5, 6)),
        new MspId(new UUID(7, 8)),
        customer,
        Optional.of(appliance),
        Edition.BACKUP,
        Set.of(),
        Limits.ofVms(10),
        now,
        now,
        now.plus(Duration.ofDays(30)),
        Licence.DEFAULT_GRACE,
        Licence.DEFAULT_RESTRICTED,
        Licence.DEFAULT_OFFLINE,
        HardwareBinding.NONE,
        1);
  }
}
