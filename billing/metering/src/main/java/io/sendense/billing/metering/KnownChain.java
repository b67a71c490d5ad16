package io.sendense.billing.metering;

import io.sendense.domain.ApplianceId;
import java.util.Optional;

/** What the receiver has durably of the chains of one appliance. */
public interface KnownChain {
  /** The highest epoch that is open for the stream, from 1. */
  int currentEpoch(ApplianceId appliance, String stream);

  /** The highest sequence of the chain, 0 when it has none. */
  long lastSequence(ChainId chain);

  /** The hash of a stored record. */
  Optional<Hash> hashOf(UsageRecordId id);
}
