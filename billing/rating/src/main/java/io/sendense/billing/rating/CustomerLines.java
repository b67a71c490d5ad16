package io.sendense.billing.rating;

import io.sendense.billing.metering.UsageRecordId;
import io.sendense.domain.Edition;
import io.sendense.domain.VmId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The lines that one customer's usage and agreements give, on either side. */
final class CustomerLines {
  /** Longer lists of VMs are cut in the text; the record ids are always complete. */
  private static final int MOST_SHOWN = 20;

  private static final Exact BYTES_PER_GB = Exact.of(1_000_000_000);

  private final Side side;
  private final PriceBook book;
  private final BillingPeriod period;
  private final CustomerUsage usage;
  private final DailyUsage daily;
  private final List<VmDay> paid;
  private final List<RatedLine> lines = new ArrayList<>();

  private CustomerLines(Side side, PriceBook book, BillingPeriod period, CustomerUsage usage) {
    this.side = side;
    this.book = book;
    this.period = period;
    this.usage = usage;
    this.daily = DailyUsage.of(usage, period, book);
    this.paid =
        daily.vmDays().stream().filter(day -> book.priceOf(day.edition()).isPresent()).toList();
  }

  static List<RatedLine> of(Side side, PriceBook book, BillingPeriod period, CustomerUsage usage) {
    CustomerLines builder = new CustomerLines(side, book, period, usage);
    builder.protection();
    builder.furtherTargets();
    builder.storage();
    builder.premiumSupport();
    builder.whiteLabel();
    return builder.lines;
  }

  private void protection() {
    for (Edition edition : Edition.values()) {
      List<VmDay> days = paid.stream().filter(day -> day.edition() == edition).toList();
      Optional<Price> price = book.priceOf(edition);
      if (days.isEmpty() || price.isEmpty()) {
        continue;
      }
      String name = edition.name().toLowerCase(Locale.ROOT);
      add(
          "vm-" + name,
          "Protected VMs, edition " + name + ", per VM and month",
          Exact.of(days.size()),
          "VM-day",
          price.get().on(side),
          daysByVm(days),
          records(days));
    }
  }

  private void furtherTargets() {
    List<VmDay> days = paid.stream().filter(day -> day.furtherTargets() > 0).toList();
    long targetDays = days.stream().mapToLong(VmDay::furtherTargets).sum();
    if (targetDays > 0) {
      add(
          "replication-target",
          "Replication targets beyond the first, per target and month",
          Exact.of(targetDays),
          "target-day",
          book.furtherTargetMonth().on(side),
          daysByVm(days),
          records(days));
    }
  }

  /** Each day on its own: what was stored on average, less what the day's VMs include. */
  private void storage() {
    Exact gigabyteDays = Exact.ZERO;
    List<String> explained = new ArrayList<>();
    TreeSet<UsageRecordId> records = new TreeSet<>();
    for (LocalDate day = period.month().atDay(1);
        day.isBefore(period.until());
        day = day.plusDays(1)) {
      LocalDate on = day;
      long vms = paid.stream().filter(vmDay -> vmDay.day().equals(on)).count();
      long seconds = secondsOf(day);
      if (seconds == 0) {
        continue; // A day that the zone left out when it crossed the date line.
      }
      Exact average =
          Exact.of(daily.storedByteHours(day)).times(Exact.of(3600)).dividedBy(Exact.of(seconds));
      Exact included = Exact.of(book.allowanceBytesPerVm()).times(Exact.of(vms));
      Exact above = average.minus(included).dividedBy(BYTES_PER_GB);
      if (above.signum() > 0) {
        gigabyteDays = gigabyteDays.plus(above);
        explained.add(day + ": " + above.shown() + " GB above " + vms + " VMs' allowance");
        records.addAll(daily.storageRecords(day));
      }
    }
    if (gigabyteDays.signum() > 0) {
      add(
          "storage",
          "Stored bytes above the pooled allowance, per GB and month",
          gigabyteDays,
          "GB-day",
          book.gbMonth().on(side),
          String.join("; ", explained),
          List.copyOf(records));
    }
  }

  private void premiumSupport() {
    if (!usage.account().premiumSupport()) {
      return;
    }
    switch (side) {
      case RETAIL -> {
        if (!paid.isEmpty()) {
          add(
              "premium-support",
              "Premium support, per VM and month",
              Exact.of(paid.size()),
              "VM-day",
              book.premiumRetailPerVmMonth(),
              daysByVm(paid),
              records(paid));
        }
      }
      case WHOLESALE ->
          addPerCustomer(
              "premium-support",
              "Premium support, per customer and month",
              book.premiumWholesalePerCustomerMonth());
    }
  }

  private void whiteLabel() {
    if (side == Side.WHOLESALE && usage.account().whiteLabel()) {
      addPerCustomer(
          "white-label",
          "White-label portal, per customer and month",
          book.whiteLabelPerCustomerMonth());
    }
  }

  private void addPerCustomer(String code, String description, BigDecimal price) {
    int days = usage.account().activeDays(period);
    if (days > 0) {
      add(
          code,
          description,
          Exact.of(days),
          "customer-day",
          price,
          days + " of " + period.daysInMonth() + " days",
          List.of());
    }
  }

  private void add(
      String code,
      String description,
      Exact quantity,
      String unit,
      BigDecimal price,
      String explanation,
      List<UsageRecordId> records) {
    lines.add(
        LineMath.line(
            period,
            code,
            Optional.of(usage.account().id()),
            description,
            quantity,
            unit,
            price,
            explanation,
            records));
  }

  private long secondsOf(LocalDate day) {
    return Duration.between(
            day.atStartOfDay(usage.account().zone()),
            day.plusDays(1).atStartOfDay(usage.account().zone()))
        .toSeconds();
  }

  private static String daysByVm(List<VmDay> days) {
    Map<String, Integer> byVm = new TreeMap<>();
    days.forEach(day -> byVm.merge(shown(day.vm()), 1, Integer::sum));
    String text =
        byVm.entrySet().stream()
            .limit(MOST_SHOWN)
            .map(
                entry ->
                    "VM "
                        + entry.getKey()
                        + ": "
                        + entry.getValue()
                        + (entry.getValue() == 1 ? " day" : " days"))
            .collect(Collectors.joining("; "));
    return byVm.size() > MOST_SHOWN
        ? text + "; and " + (byVm.size() - MOST_SHOWN) + " more VMs"
        : text;
  }

  private static String shown(VmId vm) {
    return vm.toString();
  }

  private static List<UsageRecordId> records(Collection<VmDay> days) {
    TreeSet<UsageRecordId> records = new TreeSet<>();
    days.forEach(day -> records.addAll(day.records()));
    return List.copyOf(records);
  }
}
