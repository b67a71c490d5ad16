package io.sendense.cloud.metering;

import io.sendense.billing.metering.UsageRecord;
import io.sendense.billing.metering.VmUsage;
import io.sendense.domain.Edition;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a month's accepted records add up to. Pure. A machine counts once a day of the customer's
 * time zone, in the highest edition that it had that day, if at any hour of it a policy was active
 * and a point was held (design, section 7).
 *
 * @param protectedVmDays by edition, as openapi.yaml writes it
 * @param peakStoredBytes the most that was stored in one hour, over all machines
 * @param averageStoredBytes over the hours that were reported, rounded down
 * @param hours how many hours were reported by at least one appliance
 */
record UsageTotals(
    Map<String, Long> protectedVmDays,
    long peakStoredBytes,
    long averageStoredBytes,
    long movedBytes,
    long hours) {

  static UsageTotals of(Collection<UsageRecord> records, ZoneId zone) {
    Map<VmDay, Edition> days = new HashMap<>();
    Map<Instant, Long> stored = new HashMap<>();
    long moved = 0;
    for (UsageRecord usage : records) {
      LocalDate day = usage.hour().atZone(zone).toLocalDate();
      long bytes = 0;
      for (VmUsage vm : usage.vms()) {
        bytes = Math.addExact(bytes, vm.storedBytes());
        moved = Math.addExact(moved, vm.movedBytes());
        if (vm.policyActive() && vm.pointsHeld() > 0) {
          days.merge(
              new VmDay(vm.vm().value(), day),
              vm.edition(),
              (one, other) -> one.compareTo(other) >= 0 ? one : other);
        }
      }
      stored.merge(usage.hour(), bytes, Math::addExact);
    }
    Map<String, Long> byEdition = new TreeMap<>();
    days.values()
        .forEach(
            edition -> byEdition.merge(edition.name().toLowerCase(Locale.ROOT), 1L, Long::sum));
    long sum = stored.values().stream().reduce(0L, Math::addExact);
    return new UsageTotals(
        byEdition,
        stored.values().stream().mapToLong(Long::longValue).max().orElse(0),
        stored.isEmpty() ? 0 : sum / stored.size(),
        moved,
        stored.size());
  }

  private record VmDay(UUID vm, LocalDate day) {}
}
