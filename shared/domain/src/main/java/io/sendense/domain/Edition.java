package io.sendense.domain;

/** What a customer bought, lowest first; the order is the order of what each includes. */
public enum Edition {
  COMMUNITY,
  TRIAL,
  BACKUP,
  ENTERPRISE,
  REPLICATION
}
