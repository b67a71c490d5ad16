package io.sendense.billing.rating;

import io.sendense.billing.metering.UsageRecordId;
import io.sendense.domain.CustomerId;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** The one formula of every line: quantity times monthly price by days of the actual month. */
final class LineMath {
  private LineMath() {}

  static RatedLine line(
      BillingPeriod period,
      String code,
      Optional<CustomerId> customer,
      String description,
      Exact quantity,
      String unit,
      BigDecimal monthlyPrice,
      String explanation,
      List<UsageRecordId> records) {
    Exact exact = quantity.times(Exact.of(monthlyPrice)).dividedBy(Exact.of(period.daysInMonth()));
    return new RatedLine(
        code,
        customer,
        description,
        quantity,
        unit,
        monthlyPrice,
        exact,
        BigDecimal.ZERO,
        explanation,
        records);
  }
}
