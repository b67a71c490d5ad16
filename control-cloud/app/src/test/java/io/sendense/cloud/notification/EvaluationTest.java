package io.sendense.cloud.notification;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.notification.Evaluation.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Each kind of alert just within its rule, and just beyond. */
class EvaluationTest {
  private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");
  private static final UUID CUSTOMER = new UUID(1, 1);
  private static final UUID ID = new UUID(2, 2);
  private static final Duration INTERVAL = Duration.ofSeconds(60);
  private static final Rules USUAL = new Rules(Map.of());

  @Test
  void anApplianceIsOfflineAfterThreeIntervalsOfItsServer() {
    assertThat(kinds(appliance(ago(180), "1.0", "ok", 0))).isEmpty();
    assertThat(kinds(appliance(ago(181), "1.0", "ok", 0)))
        .containsExactly(AlertKind.APPLIANCE_OFFLINE);
    Rules patient = rules(CUSTOMER, AlertKind.APPLIANCE_OFFLINE, 10);
    assertThat(kinds(patient, appliance(ago(600), "1.0", "ok", 0))).isEmpty();
    Rules hasty = rules(Rules.MSP, AlertKind.APPLIANCE_OFFLINE, 1);
    assertThat(kinds(hasty, appliance(ago(120), "1.0", "ok", 0)))
        .as("never under two minutes")
        .isEmpty();
  }

  @Test
  void oneThatIsOfflineIsNotJudgedByWhatItSaidLast() {
    assertThat(kinds(appliance(ago(3600), "1.0", "failing", 500)))
        .containsExactly(AlertKind.APPLIANCE_OFFLINE);
  }

  @Test
  void oneThatNeverCalledIsOfflineFromItsEnrolment() {
    Snapshot.Appliance silent =
        new Snapshot.Appliance(
            CUSTOMER,
            ID,
            "box",
            ago(200),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "",
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertThat(kinds(silent)).containsExactly(AlertKind.APPLIANCE_OFFLINE);
  }

  @Test
  void healthAndClockAreJudged() {
    assertThat(kinds(appliance(ago(1), "1.0", "warning", 60)))
        .containsExactly(AlertKind.APPLIANCE_DEGRADED);
    assertThat(kinds(appliance(ago(1), "1.0", "ok", 61))).containsExactly(AlertKind.CLOCK_OFFSET);
    List<Finding> behind = find(USUAL, List.of(appliance(ago(1), "1.0", "ok", -61)));
    assertThat(behind).singleElement().extracting(Finding::message).asString().contains("behind");
  }

  @Test
  void softwareIsOldBesideANewerOne() {
    List<Finding> found =
        find(
            USUAL,
            List.of(
                appliance(ago(1), "1.9.0-SNAPSHOT", "ok", 0), appliance(ago(1), "1.10", "ok", 0)));
    assertThat(found).singleElement().extracting(Finding::kind).isEqualTo(AlertKind.SOFTWARE_OLD);
    assertThat(found.getFirst().message()).contains("1.9.0-SNAPSHOT");
  }

  @Test
  void aCopyAndAUsageGapAreSeen() {
    assertThat(kinds(used(Optional.of(ago(24 * 3600)), ago(0))))
        .containsExactly(AlertKind.APPLIANCE_COPIED);
    assertThat(kinds(used(Optional.of(ago(24 * 3600 + 1)), ago(6 * 3600)))).isEmpty();
    assertThat(kinds(used(Optional.empty(), ago(6 * 3600 + 1))))
        .containsExactly(AlertKind.USAGE_GAP);
  }

  @Test
  void aMachineWantsAPolicyAndPointsInTime() {
    assertThat(kinds(machine(null, null, null))).containsExactly(AlertKind.MACHINE_UNPROTECTED);
    assertThat(kinds(machine(3600L, ago(90_000), ago(7200)))).isEmpty();
    assertThat(kinds(machine(3600L, ago(90_000), ago(7201)))).containsExactly(AlertKind.RPO_MISSED);
    assertThat(kinds(machine(3600L, ago(7200), null))).as("a new policy has time").isEmpty();
    assertThat(kinds(machine(3600L, ago(7201), null))).containsExactly(AlertKind.RPO_MISSED);
    assertThat(kinds(machine(3600L, ago(10), ago(90_000))))
        .as("older points do not count against")
        .isEmpty();
  }

  @Test
  void aFailureAndADamagedPointAreSeen() {
    Snapshot.Machine bad =
        new Snapshot.Machine(
            CUSTOMER,
            ID,
            "db",
            Optional.of(Duration.ofHours(1)),
            Optional.of(ago(9000)),
            Optional.of(ago(60)),
            Optional.of("disk full"),
            Optional.of(ago(7 * 86_400)));
    assertThat(find(USUAL, new Snapshot(NOW, INTERVAL, List.of(), List.of(bad), List.of())))
        .extracting(Finding::kind)
        .containsExactly(AlertKind.BACKUP_FAILED, AlertKind.POINT_DAMAGED);
    Snapshot later = new Snapshot(NOW.plusSeconds(1), INTERVAL, List.of(), List.of(bad), List.of());
    assertThat(find(USUAL, later))
        .extracting(Finding::kind)
        .containsExactly(AlertKind.BACKUP_FAILED);
  }

  @Test
  void aLicenceEndsIsOverAndRevoked() {
    assertThat(licence(NOW.plus(Duration.ofDays(30)).plusSeconds(1), Optional.empty())).isEmpty();
    assertThat(licence(NOW.plus(Duration.ofDays(30)), Optional.empty()))
        .containsExactly(AlertKind.LICENCE_ENDS);
    assertThat(licence(NOW, Optional.empty())).containsExactly(AlertKind.LICENCE_OVER);
    assertThat(licence(NOW.plus(Duration.ofDays(90)), Optional.of(ago(1))))
        .containsExactly(AlertKind.LICENCE_OVER);
  }

  @Test
  void aCustomersRuleGoesBeforeTheMspsAndThatBeforeTheUsualOne() {
    Rule off = new Rule(false, Severity.INFO, 0, 0);
    Rule loud = new Rule(true, Severity.CRITICAL, 0, 0);
    Rules.Key msp = new Rules.Key(Rules.MSP, AlertKind.MACHINE_UNPROTECTED);
    Rules.Key own = new Rules.Key(CUSTOMER, AlertKind.MACHINE_UNPROTECTED);
    assertThat(kinds(new Rules(Map.of(msp, off)), machine(null, null, null))).isEmpty();
    List<Finding> found =
        find(
            new Rules(Map.of(msp, off, own, loud)),
            new Snapshot(NOW, INTERVAL, List.of(), List.of(machine(null, null, null)), List.of()));
    assertThat(found).singleElement().extracting(Finding::severity).isEqualTo(Severity.CRITICAL);
  }

  private static Instant ago(long seconds) {
    return NOW.minusSeconds(seconds);
  }

  private static Rules rules(UUID customer, AlertKind kind, long threshold) {
    return new Rules(
        Map.of(new Rules.Key(customer, kind), new Rule(true, Severity.WARNING, threshold, 0)));
  }

  private static Snapshot.Appliance appliance(
      Instant seen, String version, String health, long offset) {
    return new Snapshot.Appliance(
        CUSTOMER,
        ID,
        "box",
        ago(100_000),
        Optional.of(seen),
        Optional.of(version),
        Optional.of(health),
        "",
        Optional.of(Duration.ofSeconds(offset)),
        Optional.empty(),
        Optional.of(NOW));
  }

  private static Snapshot.Appliance used(Optional<Instant> copied, Instant usage) {
    return new Snapshot.Appliance(
        CUSTOMER,
        ID,
        "box",
        ago(100_000),
        Optional.of(NOW),
        Optional.of("1.0"),
        Optional.of("ok"),
        "",
        Optional.empty(),
        copied,
        Optional.of(usage));
  }

  private static Snapshot.Machine machine(
      @org.jspecify.annotations.Nullable Long interval,
      @org.jspecify.annotations.Nullable Instant since,
      @org.jspecify.annotations.Nullable Instant point) {
    return new Snapshot.Machine(
        CUSTOMER,
        ID,
        "db",
        Optional.ofNullable(interval).map(Duration::ofSeconds),
        Optional.ofNullable(since),
        Optional.ofNullable(point),
        Optional.empty(),
        Optional.empty());
  }

  private static List<AlertKind> licence(Instant end, Optional<Instant> revoked) {
    Snapshot.Licence licence = new Snapshot.Licence(CUSTOMER, end, revoked);
    return find(USUAL, new Snapshot(NOW, INTERVAL, List.of(), List.of(), List.of(licence))).stream()
        .map(Finding::kind)
        .toList();
  }

  private static List<AlertKind> kinds(Snapshot.Appliance one) {
    return kinds(USUAL, one);
  }

  private static List<AlertKind> kinds(Rules rules, Snapshot.Appliance one) {
    return find(rules, List.of(one)).stream().map(Finding::kind).toList();
  }

  private static List<AlertKind> kinds(Snapshot.Machine one) {
    return kinds(USUAL, one);
  }

  private static List<AlertKind> kinds(Rules rules, Snapshot.Machine one) {
    return find(rules, new Snapshot(NOW, INTERVAL, List.of(), List.of(one), List.of())).stream()
        .map(Finding::kind)
        .toList();
  }

  private static List<Finding> find(Rules rules, List<Snapshot.Appliance> appliances) {
    return find(rules, new Snapshot(NOW, INTERVAL, appliances, List.of(), List.of()));
  }

  private static List<Finding> find(Rules rules, Snapshot snapshot) {
    return Evaluation.of(snapshot, rules);
  }
}
