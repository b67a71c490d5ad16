package io.sendense.billing.rating;

import io.sendense.billing.metering.UsageRecord;
import io.sendense.billing.metering.UsageRecordId;
import io.sendense.billing.metering.VmUsage;
import io.sendense.domain.ApplianceId;
import io.sendense.domain.Edition;
import io.sendense.domain.VmId;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A customer's records by day. An hour belongs to the day on which it begins in the customer's time
 * zone.
 *
 * <p>A VM is protected on a day when, at some time of it, a policy was active for it and, at some
 * time of it, a point of it was held. It counts once, in the highest edition it had while a policy
 * was active, however many appliances or records name it.
 */
final class DailyUsage {
  private final List<VmDay> vmDays = new ArrayList<>();
  private final Map<LocalDate, BigInteger> storedByteHours = new TreeMap<>();
  private final Map<LocalDate, TreeSet<UsageRecordId>> storageRecords = new TreeMap<>();

  /** All protected VM-days, by day, then VM. */
  List<VmDay> vmDays() {
    return vmDays;
  }

  /** The sum over the day's hours of the bytes stored in each. */
  BigInteger storedByteHours(LocalDate day) {
    return storedByteHours.getOrDefault(day, BigInteger.ZERO);
  }

  /** Records that say that something was stored on the day. */
  Set<UsageRecordId> storageRecords(LocalDate day) {
    return storageRecords.getOrDefault(day, new TreeSet<>());
  }

  static DailyUsage of(CustomerUsage usage, BillingPeriod period, PriceBook book) {
    Map<LocalDate, Map<VmId, VmOnDay>> byDay = new TreeMap<>();
    Map<StorageKey, Stored> storage = new HashMap<>();
    Map<UsageRecordId, UsageRecord> once = new TreeMap<>();
    usage.records().forEach(each -> once.put(each.id(), each));
    for (UsageRecord each : once.values()) {
      LocalDate day = each.hour().atZone(usage.account().zone()).toLocalDate();
      if (!period.counts(day)) {
        continue;
      }
      for (VmUsage vm : each.vms()) {
        byDay
            .computeIfAbsent(day, any -> new HashMap<>())
            .computeIfAbsent(vm.vm(), any -> new VmOnDay())
            .add(vm, each.id());
        if (book.priceOf(vm.edition()).isPresent()) {
          storage
              .computeIfAbsent(
                  new StorageKey(each.id().chain().appliance(), vm.vm(), each.hour()),
                  any -> new Stored(day))
              .add(vm.storedBytes(), each.id());
        }
      }
    }
    DailyUsage daily = new DailyUsage();
    byDay.forEach((day, vms) -> daily.addDay(day, vms));
    storage.values().forEach(daily::addStored);
    return daily;
  }

  private void addDay(LocalDate day, Map<VmId, VmOnDay> vms) {
    vms.entrySet().stream()
        .filter(entry -> entry.getValue().isProtected())
        .map(entry -> entry.getValue().toVmDay(day, entry.getKey()))
        .sorted(Comparator.comparing(vmDay -> vmDay.vm().value()))
        .forEach(vmDays::add);
  }

  private void addStored(Stored stored) {
    if (stored.bytes > 0) {
      storedByteHours.merge(stored.day, BigInteger.valueOf(stored.bytes), BigInteger::add);
      storageRecords.computeIfAbsent(stored.day, any -> new TreeSet<>()).addAll(stored.records);
    }
  }

  /** One appliance's copy of a VM in one hour; several records of the hour give its maximum. */
  private record StorageKey(ApplianceId appliance, VmId vm, Instant hour) {}

  private static final class Stored {
    private final LocalDate day;
    private final List<UsageRecordId> records = new ArrayList<>();
    private long bytes;

    Stored(LocalDate day) {
      this.day = day;
    }

    void add(long storedBytes, UsageRecordId id) {
      bytes = Math.max(bytes, storedBytes);
      records.add(id);
    }
  }

  private static final class VmOnDay {
    private final TreeSet<UsageRecordId> records = new TreeSet<>();
    private Edition edition = Edition.COMMUNITY;
    private boolean policyActive;
    private boolean pointHeld;
    private int targets;

    void add(VmUsage vm, UsageRecordId id) {
      records.add(id);
      pointHeld |= vm.pointsHeld() > 0;
      if (vm.policyActive()) {
        policyActive = true;
        targets = Math.max(targets, vm.replicationTargets());
        if (vm.edition().compareTo(edition) > 0) {
          edition = vm.edition();
        }
      }
    }

    boolean isProtected() {
      return policyActive && pointHeld;
    }

    VmDay toVmDay(LocalDate day, VmId vm) {
      return new VmDay(day, vm, edition, Math.max(0, targets - 1), List.copyOf(records));
    }
  }
}
