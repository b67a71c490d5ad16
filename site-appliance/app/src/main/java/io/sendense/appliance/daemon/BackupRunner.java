package io.sendense.appliance.daemon;

import io.sendense.domain.VmId;
import io.sendense.protocol.JobResult;
import io.sendense.protocol.ProtectionPolicy;

/** Makes one restore point. */
interface BackupRunner {
  /** Runs to the end; a failure is in the result, not thrown, and is not tried again here. */
  JobResult run(ProtectionPolicy policy, VmId vm);
}
