package io.sendense.billing.rating;

import io.sendense.billing.metering.ChainId;
import io.sendense.billing.metering.MemoryUsageStore;
import io.sendense.billing.metering.UsageChain;
import io.sendense.billing.metering.UsageRecord;
import io.sendense.billing.metering.VmUsage;
import io.sendense.domain.ApplianceId;
import io.sendense.domain.CustomerId;
import io.sendense.domain.Edition;
import io.sendense.domain.VmId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Customers and their usage, as a test tells it. */
final class Customers {
  static final ZoneId UTC = ZoneId.of("UTC");
  static final long GB = 1_000_000_000L;

  private final CustomerAccount account;
  private final UsageChain chain;
  private final List<UsageRecord> records = new ArrayList<>();

  private Customers(CustomerAccount account, int appliance) {
    this.account = account;
    this.chain =
        new UsageChain(
            new MemoryUsageStore(
                new ChainId(new ApplianceId(new UUID(9, appliance)), ChainId.USAGE, 1)));
  }

  static Customers in(ZoneId zone) {
    return new Customers(account(1, zone, false, false), 1);
  }

  static Customers of(CustomerAccount account) {
    return new Customers(account, 1);
  }

  static CustomerAccount account(int number, ZoneId zone, boolean premium, boolean whiteLabel) {
    return new CustomerAccount(
        new CustomerId(new UUID(1, number)),
        zone,
        premium,
        whiteLabel,
        LocalDate.of(2020, 1, 1),
        Optional.empty());
  }

  /** An hour with these VMs. */
  Customers hour(Instant hour, VmUsage... vms) {
    records.add(chain.append(hour, List.of(vms)));
    return this;
  }

  /** So many hours with the same VMs. */
  Customers hours(Instant first, int count, VmUsage... vms) {
    for (int i = 0; i < count; i++) {
      hour(first.plusSeconds(3600L * i), vms);
    }
    return this;
  }

  CustomerUsage usage() {
    return new CustomerUsage(account, records);
  }

  static VmUsage vm(int number, Edition edition) {
    return vm(number, edition, 0, 1);
  }

  static VmUsage vm(int number, Edition edition, long storedBytes, int targets) {
    return new VmUsage(id(number), edition, true, 1, storedBytes, 0, targets);
  }

  static VmId id(int number) {
    return new VmId(new UUID(2, number));
  }
}
