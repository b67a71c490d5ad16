package io.sendense.billing.rating;

import java.time.LocalDate;
import java.time.YearMonth;

/**
 * A month, and how much of it has come. Whose time zone its days are in is the account's to say.
 *
 * @param until the first day that is not counted, at most the first of the next month
 */
public record BillingPeriod(YearMonth month, LocalDate until) {
  public BillingPeriod {
    if (until.isBefore(month.atDay(1)) || until.isAfter(month.plusMonths(1).atDay(1))) {
      throw new IllegalArgumentException(until + " is not in " + month + " or right after it");
    }
  }

  public static BillingPeriod whole(YearMonth month) {
    return new BillingPeriod(month, month.plusMonths(1).atDay(1));
  }

  /** Up to and with a day; the whole month if the day is later, nothing if it is earlier. */
  public static BillingPeriod soFar(YearMonth month, LocalDate today) {
    LocalDate end = month.plusMonths(1).atDay(1);
    LocalDate until = today.plusDays(1);
    if (until.isBefore(month.atDay(1))) {
      return new BillingPeriod(month, month.atDay(1));
    }
    return new BillingPeriod(month, until.isAfter(end) ? end : until);
  }

  /** Of the actual month; a day costs one part in so many. */
  public int daysInMonth() {
    return month.lengthOfMonth();
  }

  boolean counts(LocalDate day) {
    return !day.isBefore(month.atDay(1)) && day.isBefore(until);
  }
}
