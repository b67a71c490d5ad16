package io.sendense.billing.metering;

import io.sendense.domain.ApplianceId;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;

/**
 * Judges a batch against what is known. Pure; the caller must hold whatever keeps the chain from
 * changing until it has stored the outcome.
 */
public final class BatchVerifier {
  private final KnownChain known;

  public BatchVerifier(KnownChain known) {
    this.known = known;
  }

  /**
   * @param sender who the connection says it is
   * @param key of the certificate that the sender showed
   */
  public BatchVerdict judge(UsageBatch batch, ApplianceId sender, PublicKey key) {
    ChainId chain = batch.chain();
    if (!chain.appliance().equals(sender)) {
      return new BatchVerdict.Forged(
          "appliance " + sender + " sent usage of appliance " + chain.appliance());
    }
    if (!batch.signedBy(key)) {
      return new BatchVerdict.Forged(
          "the signature under " + chain + " does not fit its records and the sender's key");
    }
    int current = known.currentEpoch(sender, chain.stream());
    if (chain.epoch() > current) {
      return new BatchVerdict.UnknownEpoch(current);
    }
    long last = known.lastSequence(chain);
    if (batch.firstSequence() > last + 1) {
      return new BatchVerdict.Gap(last + 1);
    }
    // One fork opens one epoch: a sender that missed the answer is told the same one again.
    return compare(batch, last, Math.max(current, chain.epoch() + 1));
  }

  private BatchVerdict compare(UsageBatch batch, long last, int newEpoch) {
    UsageRecord first = batch.records().getFirst();
    if (first.id().sequence() > 1) {
      UsageRecordId before = new UsageRecordId(batch.chain(), first.id().sequence() - 1);
      Optional<Hash> stored = known.hashOf(before);
      if (stored.isPresent() && !stored.get().equals(first.previous())) {
        return new BatchVerdict.Fork(before, stored.get(), first.previous(), newEpoch);
      }
    }
    for (UsageRecord given : batch.records()) {
      Optional<Hash> stored = known.hashOf(given.id());
      if (stored.isPresent() && !stored.get().equals(given.hash())) {
        return new BatchVerdict.Fork(given.id(), stored.get(), given.hash(), newEpoch);
      }
    }
    List<UsageRecord> fresh =
        batch.records().stream().filter(usage -> usage.id().sequence() > last).toList();
    return fresh.isEmpty()
        ? new BatchVerdict.Duplicate(last)
        : new BatchVerdict.Accepted(fresh, batch.records().size() - fresh.size());
  }
}
