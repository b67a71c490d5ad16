package io.sendense.licensing.grant;

import io.sendense.domain.ApplianceId;
import io.sendense.domain.CustomerId;
import io.sendense.domain.Edition;
import io.sendense.domain.LicenceId;
import io.sendense.domain.MspId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** One customer, one appliance, one licence over the year 2026. */
final class Grants {
  static final ApplianceId APPLIANCE = ApplianceId.parse("0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e41");
  static final ApplianceId OTHER = ApplianceId.parse("0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e42");
  static final CustomerId CUSTOMER = CustomerId.parse("0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e43");
  static final CustomerId STRANGER = CustomerId.parse("0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e44");
  static final LicenceId LICENCE = LicenceId.parse("0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e45");
  static final MspId MSP = MspId.parse("0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e46");
  static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  static final Instant TO = Instant.parse("2027-01-01T00:00:00Z");
  static final HardwareFacts HARDWARE =
      new HardwareFacts(Map.of("board-serial", "B1", "machine-id", "M1", "cpu", "C1"));

  private Grants() {}

  static Licence licence() {
    return licence(Optional.of(APPLIANCE), HardwareBinding.to(HARDWARE));
  }

  static Licence licence(Optional<ApplianceId> appliance, HardwareBinding hardware) {
    return new Licence(
        LICENCE,
        MSP,
        CUSTOMER,
        appliance,
        Edition.ENTERPRISE,
        Set.of(Feature.TEST_FAILOVER),
        new Limits(OptionalInt.of(50), OptionalLong.of(10_000_000_000_000L)),
        FROM,
        FROM,
        TO,
        Licence.DEFAULT_GRACE,
        Licence.DEFAULT_RESTRICTED,
        Licence.DEFAULT_OFFLINE,
        hardware,
        2);
  }

  static Lease lease(long sequence, Instant from) {
    return new Lease(LICENCE, APPLIANCE, sequence, from, from, from.plus(Duration.ofDays(7)));
  }
}
