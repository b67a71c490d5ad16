package io.sendense.billing.rating;

import java.math.BigDecimal;
import java.util.List;

/**
 * The outcome of rating: lines that sum to the total.
 *
 * @param total rounded once, two digits after the point
 */
public record Rated(
    Side side, BillingPeriod period, PriceBook book, List<RatedLine> lines, BigDecimal total) {
  public Rated {
    lines = List.copyOf(lines);
    BigDecimal sum = lines.stream().map(RatedLine::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    if (sum.compareTo(total) != 0) {
      throw new IllegalStateException("lines sum to " + sum + ", the total is " + total);
    }
  }
}
