package io.sendense.billing.metering;

import io.sendense.domain.ApplianceId;
import java.util.Comparator;

/**
 * The dedupe key of a record.
 *
 * @param sequence from 1 without holes
 */
public record UsageRecordId(ChainId chain, long sequence) implements Comparable<UsageRecordId> {
  private static final Comparator<UsageRecordId> ORDER =
      Comparator.<UsageRecordId, java.util.UUID>comparing(id -> id.chain().appliance().value())
          .thenComparing(id -> id.chain().stream())
          .thenComparingInt(id -> id.chain().epoch())
          .thenComparingLong(UsageRecordId::sequence);

  public UsageRecordId {
    if (sequence < 1) {
      throw new IllegalArgumentException("a sequence begins at 1, got " + sequence);
    }
  }

  /** Reads what {@link #toString} wrote: {@code appliance/stream/epoch/sequence}. */
  public static UsageRecordId parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException("a record id is appliance/stream/epoch/sequence");
    }
    return new UsageRecordId(
        new ChainId(ApplianceId.parse(parts[0]), parts[1], Integer.parseInt(parts[2])),
        Long.parseLong(parts[3]));
  }

  @Override
  public int compareTo(UsageRecordId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return chain + "/" + sequence;
  }
}
