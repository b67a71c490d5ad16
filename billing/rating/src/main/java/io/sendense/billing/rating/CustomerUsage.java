package io.sendense.billing.rating;

import io.sendense.billing.metering.UsageRecord;
import java.util.List;

/**
 * A customer and all its accepted records that touch the period.
 *
 * @param records in any order; one that is there twice counts once
 */
public record CustomerUsage(CustomerAccount account, List<UsageRecord> records) {
  public CustomerUsage {
    records = List.copyOf(records);
  }
}
