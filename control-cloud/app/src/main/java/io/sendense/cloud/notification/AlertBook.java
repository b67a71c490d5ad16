package io.sendense.cloud.notification;

import io.sendense.cloud.notification.Evaluation.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What becomes of the open alerts once it is known what is wrong now. */
final class AlertBook {
  private AlertBook() {}

  /** An alert that is not over. */
  record Open(
      UUID id,
      UUID customer,
      AlertKind kind,
      String subject,
      Severity severity,
      String message,
      Instant opened,
      boolean acknowledged,
      boolean escalated) {}

  /** One thing to do. */
  sealed interface Step {
    /** A cause that has no alert. */
    record Begin(Finding finding) implements Step {}

    /** The same cause, other words or severity. */
    record Change(Open alert, Severity severity, String message) implements Step {}

    /** Nobody acknowledged it in time. */
    record Escalate(Open alert) implements Step {}

    /** The cause is gone. */
    record End(Open alert) implements Step {}
  }

  private record Key(UUID customer, AlertKind kind, String subject) {}

  static List<Step> steps(List<Open> open, List<Finding> found, Rules rules, Instant now) {
    Map<Key, Open> known = new HashMap<>();
    open.forEach(one -> known.put(new Key(one.customer(), one.kind(), one.subject()), one));
    List<Step> steps = new ArrayList<>();
    for (Finding finding : found) {
      Key key = new Key(finding.customer(), finding.kind(), finding.subject());
      Optional<Open> alert = Optional.ofNullable(known.remove(key));
      if (alert.isEmpty()) {
        steps.add(new Step.Begin(finding));
      } else {
        stays(alert.get(), finding, rules, now).ifPresent(steps::add);
      }
    }
    known.values().forEach(over -> steps.add(new Step.End(over)));
    return steps;
  }

  private static Optional<Step> stays(Open alert, Finding finding, Rules rules, Instant now) {
    long after = rules.of(alert.customer(), alert.kind()).rule().escalateSeconds();
    Duration age = Duration.between(alert.opened(), now);
    if (after > 0
        && !alert.acknowledged()
        && !alert.escalated()
        && age.compareTo(Duration.ofSeconds(after)) >= 0) {
      return Optional.of(new Step.Escalate(alert));
    }
    Severity severity = alert.escalated() ? Severity.CRITICAL : finding.severity();
    boolean same = severity == alert.severity() && finding.message().equals(alert.message());
    return same
        ? Optional.empty()
        : Optional.of(new Step.Change(alert, severity, finding.message()));
  }
}
