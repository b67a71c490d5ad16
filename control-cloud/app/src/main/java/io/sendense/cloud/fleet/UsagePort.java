package io.sendense.cloud.fleet;

import io.sendense.protocol.UsageAnswer;
import io.sendense.protocol.UsageBatch;
import java.security.PublicKey;

/** Where usage batches of appliances go. */
public interface UsagePort {
  /**
   * Stores what is new of the batch, durably when it returns.
   *
   * @param key of the certificate that the appliance showed
   * @throws io.sendense.domain.SendenseException if the batch is not the appliance's own
   */
  UsageAnswer accept(ApplianceIdentity appliance, PublicKey key, UsageBatch batch);
}
