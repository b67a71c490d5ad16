package io.sendense.billing.metering;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * One appliance-hour with its VMs: the half-open hour {@code [hour, hour + 1 h)} in UTC. A value
 * with exactly one byte form, see {@code docs/formats/usage-record.md}.
 *
 * @param previous hash of the record before it in the same chain
 * @param vms in ascending order of the id's bytes, whatever order was given; no VM twice
 */
public record UsageRecord(UsageRecordId id, Hash previous, Instant hour, List<VmUsage> vms) {
  /** Our largest appliance is far below; it bounds what a hostile record can make us allocate. */
  public static final int MOST_VMS = 10_000;

  private static final Comparator<VmUsage> BY_ID_BYTES =
      Comparator.comparing(usage -> usage.vm().value(), UsageRecord::compareBytes);

  public UsageRecord {
    if (hour.getEpochSecond() % 3600 != 0 || hour.isBefore(Instant.EPOCH)) {
      throw new IllegalArgumentException("a record begins on a full hour of UTC, got " + hour);
    }
    if (!hour.equals(Instant.ofEpochSecond(hour.getEpochSecond()))) {
      throw new IllegalArgumentException("a record begins on a full hour of UTC, got " + hour);
    }
    if (vms.size() > MOST_VMS) {
      throw new IllegalArgumentException("a record holds at most " + MOST_VMS + " VMs");
    }
    if ((id.sequence() == 1) != previous.equals(Hash.ZERO)) {
      throw new IllegalArgumentException(
          "the first record of a chain, and no other, has no previous one: " + id);
    }
    Set<Object> seen = new HashSet<>();
    for (VmUsage usage : vms) {
      if (!seen.add(usage.vm())) {
        throw new IllegalArgumentException("VM " + usage.vm() + " is twice in one record");
      }
    }
    vms = vms.stream().sorted(BY_ID_BYTES).toList();
  }

  /** The only byte form. */
  public byte[] toBytes() {
    return RecordBytes.write(this);
  }

  /**
   * Reads the byte form. Hostile input is expected.
   *
   * @throws UsageFormatException if it is anything but the one form of one record
   */
  public static UsageRecord ofBytes(byte[] bytes) throws UsageFormatException {
    return RecordBytes.read(bytes);
  }

  /** SHA-256 over {@link #toBytes}. */
  public Hash hash() {
    return Hash.over(toBytes());
  }

  static int compareBytes(UUID one, UUID other) {
    int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
  }
}
