package io.sendense.cloud.metering;

import static io.sendense.cloud.db.metering.Tables.RECORD;

import io.sendense.billing.metering.UsageFormatException;
import io.sendense.billing.metering.UsageRecord;
import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jooq.DSLContext;

/** Reads accepted usage, for those who rate it. */
public final class UsageRecords {
  private UsageRecords() {}

  /**
   * A customer's records whose hour begins in {@code [from, to)}, in the order of their hours.
   *
   * @param dsl in a scope that covers the customer; what it does not cover is not there
   */
  public static List<UsageRecord> between(
      DSLContext dsl, MspId msp, CustomerId customer, Instant from, Instant to) {
    return dsl.select(RECORD.CONTENT)
        .from(RECORD)
        .where(RECORD.MSP_ID.eq(msp.value()))
        .and(RECORD.CUSTOMER_ID.eq(customer.value()))
        .and(RECORD.HOUR.ge(from.atOffset(ZoneOffset.UTC)))
        .and(RECORD.HOUR.lt(to.atOffset(ZoneOffset.UTC)))
        .orderBy(RECORD.HOUR, RECORD.APPLIANCE_ID, RECORD.STREAM, RECORD.EPOCH, RECORD.SEQUENCE)
        .fetch(row -> decode(row.value1()));
  }

  /** Only what was checked is stored, so anything else means that the database was changed. */
  static UsageRecord decode(byte[] content) {
    try {
      return UsageRecord.ofBytes(content);
    } catch (UsageFormatException e) {
      throw new IllegalStateException("a stored usage record is damaged: " + e.getMessage(), e);
    }
  }
}
