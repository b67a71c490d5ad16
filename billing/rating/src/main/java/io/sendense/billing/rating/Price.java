package io.sendense.billing.rating;

import java.math.BigDecimal;

/** A price for each side, not negative, in the book's currency. */
public record Price(BigDecimal retail, BigDecimal wholesale) {
  public BigDecimal on(Side side) {
    return switch (side) {
      case RETAIL -> retail;
      case WHOLESALE -> wholesale;
    };
  }
}
