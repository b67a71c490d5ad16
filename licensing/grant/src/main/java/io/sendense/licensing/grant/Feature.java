package io.sendense.licensing.grant;

import java.util.Locale;
import java.util.Optional;

/** What an edition may include beyond backup and restore on one's own platform. */
public enum Feature {
  LOCAL_STORAGE,
  OBJECT_STORAGE,
  REMOTE_COPY,
  ENCRYPTION,
  ROLE_BASED_ACCESS,
  AUDIT,
  CROSS_PLATFORM_RESTORE,
  IMMUTABILITY,
  COMPLIANCE_REPORTS,
  LEGAL_HOLD,
  VALIDATION,
  CONTINUOUS_REPLICATION,
  TEST_FAILOVER,
  FAILBACK,
  THROTTLING;

  /** The name in a licence, for example {@code cross-platform-restore}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Absent for a name of a later version, which grants nothing here. */
  public static Optional<Feature> byWireName(String name) {
    for (Feature feature : values()) {
      if (feature.wireName().equals(name)) {
        return Optional.of(feature);
      }
    }
    return Optional.empty();
  }
}
