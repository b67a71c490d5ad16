package io.sendense.billing.rating;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * From usage and a price book to lines. Pure: the same input gives the same lines, in whatever
 * order its records and customers come.
 */
public final class Rating {
  private Rating() {}

  /** What the customer pays the MSP. */
  public static Rated retail(PriceBook book, BillingPeriod period, CustomerUsage usage) {
    return rated(Side.RETAIL, period, book, CustomerLines.of(Side.RETAIL, book, period, usage));
  }

  /**
   * What the MSP pays the platform: base, further customers, and the usage of each customer.
   *
   * @param customers all customers the MSP had in the period, with or without usage
   */
  public static Rated wholesale(
      PriceBook book, BillingPeriod period, MspAccount msp, List<CustomerUsage> customers) {
    List<RatedLine> lines = new ArrayList<>(mspLines(book, period, msp, customers));
    customers.stream()
        .sorted(Comparator.comparing(usage -> usage.account().id().value()))
        .forEach(usage -> lines.addAll(CustomerLines.of(Side.WHOLESALE, book, period, usage)));
    return rated(Side.WHOLESALE, period, book, lines);
  }

  private static List<RatedLine> mspLines(
      PriceBook book, BillingPeriod period, MspAccount msp, List<CustomerUsage> customers) {
    List<LocalDate> days =
        period
            .month()
            .atDay(1)
            .datesUntil(period.until())
            .filter(day -> !day.isBefore(msp.from()))
            .toList();
    long further = 0;
    long most = 0;
    for (LocalDate day : days) {
      long active = customers.stream().filter(each -> each.account().activeOn(day)).count();
      further += Math.max(0, active - book.includedCustomers());
      most = Math.max(most, active);
    }
    List<RatedLine> lines = new ArrayList<>();
    lines.add(
        fixed(
            period,
            "msp-base",
            "MSP base with " + book.includedCustomers() + " customers, per month",
            days.size(),
            "day",
            book.mspBaseMonth(),
            days.size() + " of " + period.daysInMonth() + " days"));
    if (further > 0) {
      lines.add(
          fixed(
              period,
              "msp-customers",
              "Customers beyond " + book.includedCustomers() + ", per customer and month",
              further,
              "customer-day",
              book.furtherCustomerMonth(),
              "up to " + most + " customers on one day"));
    }
    return lines;
  }

  private static RatedLine fixed(
      BillingPeriod period,
      String code,
      String description,
      long quantity,
      String unit,
      BigDecimal price,
      String explanation) {
    return LineMath.line(
        period,
        code,
        Optional.empty(),
        description,
        Exact.of(quantity),
        unit,
        price,
        explanation,
        List.of());
  }

  private static Rated rated(
      Side side, BillingPeriod period, PriceBook book, List<RatedLine> lines) {
    return new Rated(side, period, book, Allotment.allot(lines), Allotment.total(lines));
  }
}
