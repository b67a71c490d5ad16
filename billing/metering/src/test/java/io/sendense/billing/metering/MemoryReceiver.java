package io.sendense.billing.metering;

import io.sendense.domain.ApplianceId;
import java.security.PublicKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A cloud in memory: stores what the verifier accepts, opens an epoch where it forks. */
final class MemoryReceiver implements KnownChain {
  final Map<UsageRecordId, UsageRecord> stored = new TreeMap<>();
  private final Map<String, Integer> epochs = new HashMap<>();

  BatchVerdict receive(UsageBatch batch, PublicKey key) {
    BatchVerdict verdict = new BatchVerifier(this).judge(batch, Usages.APPLIANCE, key);
    switch (verdict) {
      case BatchVerdict.Accepted accepted ->
          accepted.fresh().forEach(usage -> stored.put(usage.id(), usage));
      case BatchVerdict.Fork fork -> epochs.put(batch.chain().stream(), fork.newEpoch());
      case BatchVerdict.Duplicate duplicate -> {}
      case BatchVerdict.Gap gap -> {}
      case BatchVerdict.UnknownEpoch unknown -> {}
      case BatchVerdict.Forged forged -> {}
    }
    return verdict;
  }

  @Override
  public int currentEpoch(ApplianceId appliance, String stream) {
    return epochs.getOrDefault(stream, 1);
  }

  @Override
  public long lastSequence(ChainId chain) {
    return stored.keySet().stream()
        .filter(id -> id.chain().equals(chain))
        .mapToLong(UsageRecordId::sequence)
        .max()
        .orElse(0);
  }

  @Override
  public Optional<Hash> hashOf(UsageRecordId id) {
    return Optional.ofNullable(stored.get(id)).map(UsageRecord::hash);
  }
}
