package io.sendense.cloud.metering;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.billing.metering.ChainId;
import io.sendense.billing.metering.MemoryUsageStore;
import io.sendense.billing.metering.UsageChain;
import io.sendense.billing.metering.UsageRecord;
import io.sendense.billing.metering.VmUsage;
import io.sendense.domain.ApplianceId;
import io.sendense.domain.Edition;
import io.sendense.domain.VmId;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UsageTotalsTest {
  private static final ZoneId LONDON = ZoneId.of("Europe/London");
  private static final VmId ONE = new VmId(new UUID(1, 1));
  private static final VmId TWO = new VmId(new UUID(1, 2));
  private final UsageChain chain =
      new UsageChain(
          new MemoryUsageStore(new ChainId(new ApplianceId(new UUID(9, 9)), ChainId.USAGE, 1)));
  private final List<UsageRecord> records = new ArrayList<>();

  @Test
  void aMachineCountsOnceADayInItsHighestEdition() {
    // 23:00 UTC on 30 June is 1 July in London.
    hour("2026-06-30T23:00:00Z", vm(ONE, Edition.BACKUP, true, 1, 100, 7));
    hour("2026-07-01T10:00:00Z", vm(ONE, Edition.ENTERPRISE, true, 1, 300, 0));
    hour("2026-07-01T23:00:00Z", vm(ONE, Edition.BACKUP, true, 1, 200, 3));
    assertThat(UsageTotals.of(records, LONDON))
        .isEqualTo(new UsageTotals(Map.of("backup", 1L, "enterprise", 1L), 300, 200, 10, 3));
  }

  @Test
  void whatHasNoPolicyOrNoPointIsNotProtectedButIsStored() {
    hour(
        "2026-07-01T10:00:00Z",
        vm(ONE, Edition.BACKUP, false, 4, 100, 0),
        vm(TWO, Edition.BACKUP, true, 0, 50, 0));
    assertThat(UsageTotals.of(records, LONDON))
        .isEqualTo(new UsageTotals(Map.of(), 150, 150, 0, 1));
  }

  @Test
  void nothingAddsUpToNothing() {
    assertThat(UsageTotals.of(List.of(), LONDON)).isEqualTo(new UsageTotals(Map.of(), 0, 0, 0, 0));
  }

  private static VmUsage vm(
      VmId id, Edition edition, boolean policy, int points, long stored, long moved) {
    return new VmUsage(id, edition, policy, points, stored, moved, 0);
  }

  private void hour(String hour, VmUsage... vms) {
    records.add(chain.append(Instant.parse(hour), List.of(vms)));
  }
}
