package io.sendense.billing.rating;

import io.sendense.domain.CustomerId;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;

/**
 * What is agreed with a customer.
 *
 * @param zone in which its days and months are counted
 * @param from first day as a customer
 * @param until first day no longer one; absent = still one
 */
public record CustomerAccount(
    CustomerId id,
    ZoneId zone,
    boolean premiumSupport,
    boolean whiteLabel,
    LocalDate from,
    Optional<LocalDate> until) {

  boolean activeOn(LocalDate day) {
    return !day.isBefore(from) && (until.isEmpty() || day.isBefore(until.get()));
  }

  int activeDays(BillingPeriod period) {
    return (int) period.month().atDay(1).datesUntil(period.until()).filter(this::activeOn).count();
  }
}
