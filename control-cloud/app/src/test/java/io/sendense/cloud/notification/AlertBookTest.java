package io.sendense.cloud.notification;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.notification.AlertBook.Open;
import io.sendense.cloud.notification.AlertBook.Step;
import io.sendense.cloud.notification.Evaluation.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AlertBookTest {
  private static final Instant OPENED = Instant.parse("2026-12-01T12:00:00Z");
  private static final UUID CUSTOMER = new UUID(1, 1);
  private static final Rules USUAL = new Rules(Map.of());
  private static final Finding FOUND =
      new Finding(CUSTOMER, AlertKind.BACKUP_FAILED, "vm:1", Severity.WARNING, "It failed.");

  @Test
  void aCauseHasOneAlertUntilItIsGone() {
    assertThat(AlertBook.steps(List.of(), List.of(FOUND), USUAL, OPENED))
        .containsExactly(new Step.Begin(FOUND));
    Open open = open(Severity.WARNING, false, false);
    assertThat(AlertBook.steps(List.of(open), List.of(FOUND), USUAL, OPENED)).isEmpty();
    assertThat(AlertBook.steps(List.of(open), List.of(), USUAL, OPENED))
        .containsExactly(new Step.End(open));
  }

  @Test
  void theSameKindOfAnotherSubjectIsAnotherAlert() {
    Finding other =
        new Finding(CUSTOMER, AlertKind.BACKUP_FAILED, "vm:2", Severity.WARNING, "It failed.");
    Open open = open(Severity.WARNING, false, false);
    assertThat(AlertBook.steps(List.of(open), List.of(FOUND, other), USUAL, OPENED))
        .containsExactly(new Step.Begin(other));
  }

  @Test
  void itEscalatesOnceAfterTheTimeOfItsRuleUnlessAcknowledged() {
    Open open = open(Severity.WARNING, false, false);
    Instant due = OPENED.plus(Duration.ofHours(4));
    assertThat(AlertBook.steps(List.of(open), List.of(FOUND), USUAL, due.minusMillis(1))).isEmpty();
    assertThat(AlertBook.steps(List.of(open), List.of(FOUND), USUAL, due))
        .containsExactly(new Step.Escalate(open));
    Open escalated = open(Severity.CRITICAL, false, true);
    assertThat(AlertBook.steps(List.of(escalated), List.of(FOUND), USUAL, due)).isEmpty();
    Open acknowledged = open(Severity.WARNING, true, false);
    assertThat(AlertBook.steps(List.of(acknowledged), List.of(FOUND), USUAL, due)).isEmpty();
    Rules never =
        new Rules(
            Map.of(
                new Rules.Key(CUSTOMER, AlertKind.BACKUP_FAILED),
                new Rule(true, Severity.WARNING, 0, 0)));
    assertThat(AlertBook.steps(List.of(open), List.of(FOUND), never, due)).isEmpty();
  }

  @Test
  void otherWordsChangeItAndAnEscalatedOneStaysCritical() {
    Finding other = new Finding(CUSTOMER, AlertKind.BACKUP_FAILED, "vm:1", Severity.INFO, "Again.");
    Open open = open(Severity.WARNING, false, false);
    assertThat(AlertBook.steps(List.of(open), List.of(other), USUAL, OPENED))
        .containsExactly(new Step.Change(open, Severity.INFO, "Again."));
    Open escalated = open(Severity.CRITICAL, false, true);
    assertThat(AlertBook.steps(List.of(escalated), List.of(other), USUAL, OPENED))
        .containsExactly(new Step.Change(escalated, Severity.CRITICAL, "Again."));
  }

  private static Open open(Severity severity, boolean acknowledged, boolean escalated) {
    return new Open(
        new UUID(3, 3),
        CUSTOMER,
        AlertKind.BACKUP_FAILED,
        "vm:1",
        severity,
        "It failed.",
        OPENED,
        acknowledged,
        escalated);
  }
}
