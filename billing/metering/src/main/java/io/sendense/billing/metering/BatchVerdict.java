package io.sendense.billing.metering;

import java.util.List;

/** What the receiver makes of a batch. */
public sealed interface BatchVerdict {
  /**
   * Continues what is known.
   *
   * @param fresh to be stored, never empty, in order
   * @param duplicates how many were known already
   */
  record Accepted(List<UsageRecord> fresh, int duplicates) implements BatchVerdict {}

  /** All known, nothing to do. The sender may count everything up to here as received. */
  record Duplicate(long lastSequence) implements BatchVerdict {}

  /** Something is missing before it. The sender begins again at the expected sequence. */
  record Gap(long expectedSequence) implements BatchVerdict {}

  /**
   * The chain parted from what is known: the appliance was rolled back to an older state, or
   * cloned.
   *
   * @param at where it differs
   * @param newEpoch to be opened for what comes
   */
  record Fork(UsageRecordId at, Hash known, Hash given, int newEpoch) implements BatchVerdict {}

  /** An epoch that was never opened. */
  record UnknownEpoch(int currentEpoch) implements BatchVerdict {}

  /** Not signed by this appliance, or of another one. */
  record Forged(String what) implements BatchVerdict {}
}
