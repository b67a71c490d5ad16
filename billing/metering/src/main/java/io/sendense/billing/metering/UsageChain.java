package io.sendense.billing.metering;

import java.security.PrivateKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes one appliance's stream of usage: numbers, links and offers records. All state is in the
 * store, so a new instance over the same store goes on where the last one ended.
 *
 * <p>One thread at a time. It knows no network and no clock.
 */
public final class UsageChain {
  /** Bounds the work of starting a new epoch; ten years of hours. */
  private static final int MOST_UNACKNOWLEDGED = 100_000;

  /** Of records per batch: what the control link carries, 2 MiB, less head and signature. */
  private static final int OFFERED_BYTES = 2 * 1024 * 1024 - 4096;

  private final UsageStore store;

  public UsageChain(UsageStore store) {
    this.store = store;
  }

  /**
   * Appends the record of an hour; durable when it returns.
   *
   * @param hour its beginning, a full hour of UTC
   */
  public UsageRecord append(Instant hour, List<VmUsage> vms) {
    ChainId chain = store.chain();
    UsageRecord next = next(chain, store.last(), hour, vms);
    store.append(next);
    return next;
  }

  /**
   * The oldest records that were not acknowledged, signed; empty when there are none. Asking again
   * gives the same records.
   *
   * @param key private half of the appliance's current certificate
   * @param most records per batch, 1 to {@link UsageBatch#MOST_RECORDS}
   */
  public Optional<UsageBatch> nextBatch(PrivateKey key, int most) {
    List<UsageRecord> waiting = store.unacknowledged(Math.min(most, UsageBatch.MOST_RECORDS));
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    ChainId chain = waiting.getFirst().id().chain();
    List<UsageRecord> fitting = new ArrayList<>();
    int bytes = 0;
    for (UsageRecord usage : waiting) {
      bytes += usage.toBytes().length + Integer.BYTES;
      boolean fits = fitting.isEmpty() || bytes <= OFFERED_BYTES;
      if (!fits || !usage.id().chain().equals(chain)) {
        break;
      }
      fitting.add(usage);
    }
    return Optional.of(UsageBatch.sign(fitting, key));
  }

  /** What the cloud has durably: everything of this chain up to and including the sequence. */
  public void acknowledged(ChainId chain, long lastSequence) {
    store.acknowledge(chain, lastSequence);
  }

  /**
   * Begins the epoch that the cloud opened because this chain had forked. Hours that were not
   * acknowledged are written again under it; nothing is discarded. Calling it again with the same
   * epoch changes nothing.
   */
  public void beginEpoch(int epoch) {
    ChainId old = store.chain();
    if (epoch <= old.epoch()) {
      return;
    }
    ChainId chain = new ChainId(old.appliance(), old.stream(), epoch);
    List<UsageRecord> again = new ArrayList<>();
    Optional<UsageRecord> before = Optional.empty();
    for (UsageRecord waiting : store.unacknowledged(MOST_UNACKNOWLEDGED)) {
      UsageRecord rewritten = next(chain, before, waiting.hour(), waiting.vms());
      again.add(rewritten);
      before = Optional.of(rewritten);
    }
    store.rebase(chain, again);
  }

  private static UsageRecord next(
      ChainId chain, Optional<UsageRecord> last, Instant hour, List<VmUsage> vms) {
    Optional<UsageRecord> before = last.filter(usage -> usage.id().chain().equals(chain));
    return new UsageRecord(
        new UsageRecordId(chain, before.map(usage -> usage.id().sequence() + 1).orElse(1L)),
        before.map(UsageRecord::hash).orElse(Hash.ZERO),
        hour,
        vms);
  }
}
