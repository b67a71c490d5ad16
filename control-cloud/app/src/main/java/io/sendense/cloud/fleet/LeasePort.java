package io.sendense.cloud.fleet;

import io.sendense.protocol.LeaseAnswer;
import io.sendense.protocol.LeaseRequest;

/** Where lease requests of appliances go. That the asker is no clone was checked before. */
public interface LeasePort {
  /** An answer with the sequence of its lease, by which the next request is checked. */
  record Issued(LeaseAnswer answer, long sequence) {}

  /**
   * @throws io.sendense.domain.SendenseException with the reason, when there is no licence
   */
  Issued issue(ApplianceIdentity appliance, LeaseRequest request);
}
