package io.sendense.appliance.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.VmId;
import io.sendense.protocol.Command;
import io.sendense.protocol.CommandResult;
import io.sendense.protocol.JobResult;
import io.sendense.protocol.ProtectionPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SchedulerTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path folder;
  private Site site;
  private final Runs runs = new Runs();
  private Scheduler scheduler;

  /** Runs nothing, and notes when it was asked to. */
  private final class Runs implements BackupRunner {
    final List<Instant> at = new ArrayList<>();
    JobResult.Outcome outcome = JobResult.Outcome.SUCCEEDED;
    String error = "SD-4000";
    Duration takes = Duration.ZERO;

    @Override
    public JobResult run(ProtectionPolicy policy, VmId vm) {
      at.add(site.clock.instant());
      site.pass(takes);
      return site.result(policy, vm, outcome, error);
    }
  }

  @BeforeEach
  void open() {
    site = new Site(folder);
    scheduler = site.scheduler(runs);
  }

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void aPolicysFirstBackupRunsAtOnceAndTheNextAfterItsInterval() {
    protect(HOUR);
    assertThat(scheduler.runDue()).isTrue();
    assertThat(scheduler.runDue()).isFalse();
    tick(Duration.ofHours(3), MINUTE);
    assertThat(sinceStart()).containsExactly(Duration.ZERO, HOUR, HOUR.multipliedBy(2), hours(3));
  }

  @Test
  void theIntervalIsFromStartToStartHoweverLongABackupTakes() {
    runs.takes = Duration.ofMinutes(20);
    protect(HOUR);
    tick(hours(2), MINUTE);
    assertThat(sinceStart()).containsExactly(Duration.ZERO, HOUR, hours(2));
  }

  @Test
  void aBackupLongerThanItsIntervalIsFollowedByOneNotByAllThatWereMissed() {
    runs.takes = Duration.ofMinutes(150);
    protect(HOUR);
    scheduler.runDue();
    runs.takes = Duration.ZERO;
    tick(Duration.ofMinutes(30), MINUTE);
    assertThat(runs.at).hasSize(2);
  }

  @Test
  void whatWasMissedWhileTheMachineSleptRunsOnce() {
    protect(HOUR);
    scheduler.runDue();
    site.clock.advance(Duration.ofHours(10).plusMinutes(7)); // the monotonic clock slept too
    tick(Duration.ofMinutes(59), MINUTE);
    assertThat(sinceStart()).containsExactly(Duration.ZERO, hours(10).plusMinutes(7));
    tick(MINUTE, MINUTE);
    assertThat(runs.at).hasSize(3);
  }

  @Test
  void whatWasMissedWhileTheApplianceWasOffRunsOnceToo() {
    protect(HOUR);
    scheduler.runDue();
    site.clock.advance(Duration.ofDays(3));
    site.restart();
    scheduler = site.scheduler(runs);
    tick(Duration.ofMinutes(59), MINUTE);
    assertThat(runs.at).hasSize(2);
  }

  @Test
  void aRestartAloneRunsNothingAgain() {
    protect(HOUR);
    scheduler.runDue();
    site.clock.advance(MINUTE);
    site.restart();
    assertThat(site.scheduler(runs).runDue()).isFalse();
  }

  @Test
  void aClockSetBackCausesOneBackupAndThenTheUsualInterval() {
    protect(HOUR);
    scheduler.runDue();
    site.clock.set(Site.START.minus(Duration.ofDays(2)));
    tick(Duration.ofMinutes(59), MINUTE);
    assertThat(runs.at).hasSize(2);
    tick(MINUTE, MINUTE);
    assertThat(runs.at).hasSize(3);
  }

  @Test
  void aClockSetForwardByYearsCausesOneBackup() {
    protect(HOUR);
    scheduler.runDue();
    site.clock.set(Site.START.plus(Duration.ofDays(3650)));
    tick(Duration.ofMinutes(59), MINUTE);
    assertThat(runs.at).hasSize(2);
  }

  @Test
  void daysOf23And25HoursChangeNothing() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    for (String change : List.of("2026-03-29T00:30", "2026-10-25T00:30")) {
      runs.at.clear();
      Instant before = LocalDateTime.parse(change).atZone(berlin).toInstant();
      site.clock.set(before);
      site.desired.replace(site.state(1, List.of(site.policy(DAY, site.shop()))));
      scheduler.runDue();
      tick(Duration.ofDays(3), Duration.ofMinutes(10));
      assertThat(runs.at)
          .containsExactly(
              before,
              before.plus(DAY),
              before.plus(DAY).plus(DAY),
              before.plus(Duration.ofDays(3)));
    }
  }

  @Test
  void aFailedBackupIsTriedOnceMoreAndThenWaitsForItsTime() {
    runs.outcome = JobResult.Outcome.FAILED;
    protect(DAY);
    tick(DAY.minus(MINUTE), MINUTE);
    assertThat(sinceStart()).containsExactly(Duration.ZERO, Duration.ofMinutes(15));
    assertThat(site.said()).containsOnlyOnce("the backup is tried once more at");
  }

  @Test
  void aRetryThatSucceedsBeginsTheIntervalAnew() {
    runs.outcome = JobResult.Outcome.FAILED;
    protect(DAY);
    scheduler.runDue();
    runs.outcome = JobResult.Outcome.SUCCEEDED;
    tick(Duration.ofHours(25), MINUTE);
    assertThat(sinceStart())
        .containsExactly(Duration.ZERO, Duration.ofMinutes(15), DAY.plus(Duration.ofMinutes(15)));
  }

  @Test
  void whatTheAppliancesEndCutOffGoesOnAtTheNextStart() {
    runs.outcome = JobResult.Outcome.CANCELLED;
    protect(DAY);
    scheduler.runDue();
    site.restart();
    scheduler = site.scheduler(runs);
    runs.outcome = JobResult.Outcome.SUCCEEDED;
    tick(hours(2), MINUTE);
    assertThat(sinceStart()).containsExactly(Duration.ZERO, Duration.ZERO);
  }

  @Test
  void whatACrashCutOffGoesOnAtTheNextStart() {
    protect(DAY);
    Scheduler dying =
        site.scheduler(
            (policy, vm) -> {
              throw new IllegalStateException("killed here");
            });
    assertThatThrownBy(dying::runDue).hasMessage("killed here");
    site.restart();
    scheduler = site.scheduler(runs);
    tick(hours(2), MINUTE);
    assertThat(sinceStart()).containsExactly(Duration.ZERO);
  }

  @Test
  void outsideItsWindowNothingBeginsByItselfButACommandDoes() {
    site.window("shop", "sun 22:00-24:00"); // 1 March 2026 is a Sunday
    scheduler = site.scheduler(runs);
    protect(HOUR);
    tick(hours(21), MINUTE);
    assertThat(runs.at).isEmpty();
    command(Command.BACKUP_NOW, Optional.of(site.shop()));
    assertThat(runs.at).hasSize(1);
    tick(DAY, MINUTE);
    assertThat(sinceStart()).containsExactly(hours(21), hours(22), hours(23));
  }

  @Test
  void aJobThatWaitedUntilTheWindowClosedRunsInTheNextOne() {
    site.window("shop", "sun 00:00-01:00", "mon 03:00-04:00");
    List<Runnable> waiting = new ArrayList<>();
    JobPool busy =
        new JobPool() {
          @Override
          public boolean begin(String key, java.util.Collection<String> needs, Runnable work) {
            return waiting.add(work);
          }

          @Override
          public boolean busy(String key) {
            return false;
          }
        };
    protect(DAY);
    site.scheduler(runs, busy).runDue();
    site.pass(hours(2));
    waiting.getFirst().run();
    assertThat(runs.at).isEmpty();
    scheduler = site.scheduler(runs);
    tick(hours(26), MINUTE);
    assertThat(sinceStart()).containsExactly(hours(27));
  }

  @Test
  void aRetryIsRememberedOverARestart() {
    runs.outcome = JobResult.Outcome.FAILED;
    protect(DAY);
    scheduler.runDue();
    site.restart();
    scheduler = site.scheduler(runs);
    runs.outcome = JobResult.Outcome.SUCCEEDED;
    tick(hours(2), MINUTE);
    assertThat(sinceStart()).containsExactly(Duration.ZERO, Duration.ofMinutes(15));
  }

  @Test
  void whatTheLicenceForbidsIsNotTriedAgainBeforeItsTime() {
    runs.outcome = JobResult.Outcome.FAILED;
    runs.error = "SD-6001";
    protect(DAY);
    tick(DAY.minus(MINUTE), MINUTE);
    assertThat(runs.at).hasSize(1);
  }

  @Test
  void aShortIntervalIsRetriedWithinIt() {
    runs.outcome = JobResult.Outcome.FAILED;
    protect(Duration.ofMinutes(10));
    tick(Duration.ofMinutes(9), MINUTE);
    assertThat(sinceStart()).containsExactly(Duration.ZERO, Duration.ofMinutes(5));
  }

  @Test
  void aCommandThatIsSeenAgainAndAgainRunsOnceEvenOverARestart() {
    Command command = site.command(Command.BACKUP_NOW, Optional.of(site.shop()));
    List<ProtectionPolicy> policies = List.of(site.policy(DAY, site.shop()));
    site.desired.replace(site.state(1, policies));
    scheduler.runDue();
    for (long version = 2; version < 5; version++) {
      site.desired.replace(site.state(version, policies, command));
      scheduler.runDue();
      site.restart();
      scheduler = site.scheduler(runs);
      scheduler.runDue();
    }
    assertThat(runs.at).hasSize(2);
    assertThat(site.waiting().commands())
        .singleElement()
        .satisfies(done -> assertThat(done.command()).isEqualTo(command.id()))
        .satisfies(done -> assertThat(done.outcome()).isEqualTo(CommandResult.Outcome.SUCCEEDED));
  }

  @Test
  void aBackupByCommandCountsForTheScheduleOnlyWhenItSucceeds() {
    protect(HOUR);
    scheduler.runDue();
    site.pass(Duration.ofMinutes(30));
    runs.outcome = JobResult.Outcome.FAILED;
    command(Command.BACKUP_NOW, Optional.of(site.shop()));
    runs.outcome = JobResult.Outcome.SUCCEEDED;
    tick(Duration.ofMinutes(30), MINUTE);
    assertThat(sinceStart()).containsExactly(Duration.ZERO, Duration.ofMinutes(30), HOUR);
    site.pass(Duration.ofMinutes(30));
    command(Command.BACKUP_NOW, Optional.of(site.shop()));
    tick(Duration.ofMinutes(59), MINUTE);
    assertThat(runs.at).hasSize(4);
  }

  @Test
  void aCommandPastItsDeadlineOrUnknownIsAnsweredAndNotRun() {
    Command late = site.command(Command.BACKUP_NOW, Optional.of(site.shop()));
    site.pass(Duration.ofHours(1));
    Command strange = site.command("defragment", Optional.empty());
    Command uncovered = site.command(Command.BACKUP_NOW, Optional.of(site.shop()));
    site.desired.replace(site.state(1, List.of(), late, strange, uncovered));
    scheduler.runDue();
    assertThat(runs.at).isEmpty();
    assertThat(site.waiting().commands())
        .extracting(CommandResult::outcome)
        .containsExactly(
            CommandResult.Outcome.EXPIRED,
            CommandResult.Outcome.REFUSED,
            CommandResult.Outcome.REFUSED);
  }

  @Test
  void sendUsageWritesARecord() {
    command(Command.SEND_USAGE, Optional.empty());
    assertThat(site.usage.waiting()).isEqualTo(1);
  }

  @Test
  void aMachineThatIsNotConfiguredHereIsNotRun() {
    site.desired.replace(
        site.state(1, List.of(site.policy(HOUR, new VmId(new java.util.UUID(9, 9)), site.shop()))));
    scheduler.runDue();
    assertThat(runs.at).hasSize(1);
  }

  private void protect(Duration every) {
    site.desired.replace(site.state(1, List.of(site.policy(every, site.shop()))));
  }

  private void command(String kind, Optional<VmId> vm) {
    site.desired.replace(
        site.state(site.desired.version() + 1, site.desired.active(), site.command(kind, vm)));
    scheduler.runDue();
  }

  /** Asks every so often, as the daemon's thread does, and at both ends. */
  private void tick(Duration time, Duration every) {
    Instant end = site.clock.instant().plus(time);
    scheduler.runDue();
    while (site.clock.instant().isBefore(end)) {
      site.pass(every);
      scheduler.runDue();
    }
  }

  private List<Duration> sinceStart() {
    return runs.at.stream().map(at -> Duration.between(Site.START, at)).toList();
  }

  private static Duration hours(int hours) {
    return Duration.ofHours(hours);
  }
}
