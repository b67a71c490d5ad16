package io.sendense.licensing.grant;

/** What somebody may want to do, as far as the licence's state has anything to say about it. */
public enum Operation {
  RESTORE,
  FILE_RECOVERY,
  EXPORT,
  /** Failover of a flow that exists. */
  FAILOVER,
  /** Re-reading and proving what is stored. */
  VERIFY,
  /** A new restore point of a VM that is already protected. */
  NEW_POINT,
  /** A VM that was not protected until now. */
  NEW_VM,
  /** A replication or copy flow that did not exist until now. */
  NEW_FLOW
}
