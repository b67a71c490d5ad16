package io.sendense.billing.metering;

import java.util.List;
import java.util.Optional;

/**
 * Where an appliance keeps one stream of its usage. The medium must keep what {@link #append}
 * returned from over a crash and a loss of power, and never lose a record in the middle.
 *
 * <p>Called by one thread at a time. A failed call throws and leaves everything as it was.
 */
public interface UsageStore {
  /** The last record appended, of whatever epoch; empty before the first. */
  Optional<UsageRecord> last();

  /** Adds a record; durable when it returns. The caller has checked that it continues the chain. */
  void append(UsageRecord usage);

  /**
   * Records not yet acknowledged, oldest first.
   *
   * @param most at most so many
   */
  List<UsageRecord> unacknowledged(int most);

  /** Marks everything of the chain up to and including the sequence as acknowledged. */
  void acknowledge(ChainId chain, long lastSequence);

  /**
   * Replaces all unacknowledged records by these of a new epoch, in one transaction. After it
   * {@link #last} is the last of these, or, if there are none, what it was.
   *
   * @param beginning the chain that future records belong to, kept even when there are no records
   */
  void rebase(ChainId beginning, List<UsageRecord> replacement);

  /** The chain that the next record belongs to. */
  ChainId chain();
}
