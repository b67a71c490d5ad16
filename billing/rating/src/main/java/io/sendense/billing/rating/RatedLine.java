package io.sendense.billing.rating;

import io.sendense.billing.metering.UsageRecordId;
import io.sendense.domain.CustomerId;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * One line: {@code amount = quantity x monthly price / days of the month}, exactly.
 *
 * @param code stable, for example {@code vm-backup}
 * @param customer whose usage it is; absent for what concerns the MSP as a whole
 * @param quantity in the unit, over the days of the period
 * @param unit what is counted per day, for example {@code VM-day}
 * @param monthlyPrice for one of these through the whole month
 * @param exact before rounding
 * @param amount the line's share of the rounded total, two digits after the point
 * @param explanation how the quantity came about, for a person
 * @param records the usage records it rests on, ascending; empty for a fixed charge
 */
public record RatedLine(
    String code,
    Optional<CustomerId> customer,
    String description,
    Exact quantity,
    String unit,
    BigDecimal monthlyPrice,
    Exact exact,
    BigDecimal amount,
    String explanation,
    List<UsageRecordId> records) {
  public RatedLine {
    records = List.copyOf(records);
  }

  RatedLine withAmount(BigDecimal share) {
    return new RatedLine(
        code,
        customer,
        description,
        quantity,
        unit,
        monthlyPrice,
        exact,
        share,
        explanation,
        records);
  }
}
