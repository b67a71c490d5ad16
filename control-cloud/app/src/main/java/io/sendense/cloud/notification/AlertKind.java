package io.sendense.cloud.notification;

import java.util.Locale;
import java.util.Optional;

/** Every cause of an alert, with the rule that holds where nobody has set another. */
enum AlertKind {
  /** Threshold: report intervals without a word; never under two minutes. */
  APPLIANCE_OFFLINE(Severity.CRITICAL, 3),
  /** No threshold. */
  APPLIANCE_DEGRADED(Severity.WARNING, 0),
  /** Threshold: seconds. */
  CLOCK_OFFSET(Severity.WARNING, 60),
  /** An older version than another appliance of the MSP; no threshold. */
  SOFTWARE_OLD(Severity.INFO, 0),
  /** Threshold: hours for which a copy of an appliance stays an alert. */
  APPLIANCE_COPIED(Severity.CRITICAL, 24),
  /** Threshold: hours without a usage record of an appliance that reports. */
  USAGE_GAP(Severity.WARNING, 6),
  /** The newest backup of a machine failed; no threshold. */
  BACKUP_FAILED(Severity.WARNING, 0),
  /** Threshold: hundredths of the policy's interval. */
  RPO_MISSED(Severity.CRITICAL, 200),
  /** No threshold. */
  MACHINE_UNPROTECTED(Severity.INFO, 0),
  /** Threshold: days for which a damaged point stays an alert. */
  POINT_DAMAGED(Severity.CRITICAL, 7),
  /** Threshold: days before the end. */
  LICENCE_ENDS(Severity.WARNING, 30),
  /** No threshold. */
  LICENCE_OVER(Severity.CRITICAL, 0);

  /** Four hours. */
  private static final long ESCALATE_SECONDS = 4 * 3600;

  private final Severity severity;
  private final long threshold;

  AlertKind(Severity severity, long threshold) {
    this.severity = severity;
    this.threshold = threshold;
  }

  Rule usual() {
    return new Rule(true, severity, threshold, ESCALATE_SECONDS);
  }

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<AlertKind> of(String word) {
    for (AlertKind one : values()) {
      if (one.word().equals(word)) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }
}
