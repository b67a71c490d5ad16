package io.sendense.appliance.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.licensing.grant.Stage;
import io.sendense.protocol.CommandResult;
import io.sendense.protocol.Health;
import io.sendense.protocol.ReportedState;
import io.sendense.protocol.UsageAnswer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LinkLoopTest {
  private static final Duration LIFE = Duration.ofDays(1);

  @TempDir Path folder;
  private Site site;
  private FakeCloud cloud;
  private LinkLoop loop;

  @BeforeEach
  void open() {
    site = new Site(folder);
    cloud = new FakeCloud(site);
    loop = loop();
  }

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void theFirstCallOpensTheSessionWithALeaseAndThenTellsHowItIs() throws Exception {
    loop.keepUpOnce();
    assertThat(cloud.calls).containsExactly("lease", "report 1", "usage");
    assertThat(site.licence.state().stage()).isEqualTo(Stage.VALID);
    Health health = cloud.reports.getFirst().health();
    assertThat(health.level()).isEqualTo(Health.Level.OK);
    assertThat(site.said()).contains("connected to https://cloud.example");
  }

  @Test
  void leaseAndReportAreRenewedAtTheServersIntervals() throws Exception {
    adopt(1);
    run(Duration.ofMinutes(20));
    assertThat(cloud.leases).isBetween(4L, 5L); // every 300 s
    assertThat(cloud.reports.size()).isBetween(19, 21); // every 60 s
  }

  @Test
  void anUnchangedDesiredStateChangesNothingAndANewOneIsInForceAtOnce() throws Exception {
    loop.keepUpOnce();
    cloud.desired = Optional.of(site.state(4, List.of()));
    assertThat(loop.followOnce()).isZero();
    assertThat(site.desired.version()).isEqualTo(4);
    assertThat(loop.followOnce()).isZero();
    assertThat(cloud.calls).endsWith("desired -1", "desired 4");
    assertThat(site.said()).containsOnlyOnce("is in force");

    cloud.desired =
        Optional.of(site.state(5, List.of(site.policy(Duration.ofHours(1), site.shop()))));
    loop.followOnce();
    assertThat(site.desired.active()).hasSize(1);
    site.restart();
    assertThat(site.desired.version()).isEqualTo(5);
  }

  @Test
  void aLostCloudIsAskedEverMoreSeldomAndToldOnce() throws Exception {
    cloud.away = true;
    Duration ceiling = Duration.ofSeconds(1);
    for (int i = 0; i < 14; i++) {
      Duration wait = loop.keepUpOnce();
      assertThat(wait).isBetween(ceiling.dividedBy(2), ceiling);
      Duration doubled = ceiling.multipliedBy(2);
      ceiling = doubled.compareTo(Duration.ofMinutes(5)) < 0 ? doubled : Duration.ofMinutes(5);
      site.pass(wait);
    }
    assertThat(site.said()).containsOnlyOnce("the cloud does not answer");
  }

  @Test
  void aCloudThatIsBackIsToldEverythingAndTheWaitsBeginAnew() throws Exception {
    loop.keepUpOnce();
    cloud.away = true;
    site.outbox.add(result());
    for (int i = 0; i < 6; i++) {
      site.pass(loop.keepUpOnce());
      site.pass(loop.followOnce());
    }
    cloud.away = false;
    assertThat(loop.keepUpOnce()).isEqualTo(Duration.ofSeconds(1));
    assertThat(site.said()).containsOnlyOnce("the cloud answers again");
    assertThat(cloud.reports.getLast().commands()).hasSize(1);
    cloud.away = true;
    site.outbox.add(result());
    assertThat(loop.keepUpOnce()).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void withoutTheCloudPoliciesAndUsageGoOn() throws Exception {
    adopt(1);
    cloud.away = true;
    for (int hour = 0; hour < 3; hour++) {
      site.pass(Duration.ofHours(1));
      loop.keepUpOnce();
    }
    assertThat(site.usage.waiting()).isEqualTo(3);
    assertThat(site.desired.version()).isEqualTo(1);
  }

  @Test
  void aReportIsDroppedOnlyWhenItIsAcknowledgedAndIsTheSameWhenSentAgain() throws Exception {
    loop.keepUpOnce();
    CommandResult result = result();
    site.outbox.add(result);
    cloud.losesAnswers = true;
    loop.keepUpOnce();
    assertThat(site.outbox.hasNews()).isTrue();
    ReportedState first = cloud.reports.getLast();
    cloud.losesAnswers = false;
    site.pass(Duration.ofSeconds(5));
    loop.keepUpOnce();
    assertThat(cloud.reports.getLast()).isEqualTo(first);
    assertThat(cloud.reports).hasSize(2); // the connection's first one and this
    assertThat(site.outbox.hasNews()).isFalse();
  }

  @Test
  void usageIsDroppedOnlyWhenItIsAcknowledgedAndCountsOnce() throws Exception {
    loop.keepUpOnce();
    assertThat(site.usage.waiting()).isZero();
    site.usage.record();
    cloud.losesAnswers = true;
    for (int i = 0; i < 3; i++) {
      loop.keepUpOnce();
      assertThat(site.usage.waiting()).isEqualTo(1);
    }
    cloud.losesAnswers = false;
    loop.keepUpOnce();
    assertThat(site.usage.waiting()).isZero();
    assertThat(cloud.usageThrough).isEqualTo(2);
    assertThat(site.said()).contains("DUPLICATE, 0 new");
  }

  @Test
  void aGapInUsageIsSaidAndNotAskedEverySecond() throws Exception {
    site.usage.record();
    for (int i = 0; i < 5; i++) {
      cloud.usageAnswer = Optional.of(new UsageAnswer(UsageAnswer.Outcome.GAP, "usage", 1, 0, 0));
      Duration wait = loop.keepUpOnce();
      assertThat(wait).isGreaterThanOrEqualTo(Duration.ofMillis(500L << i));
    }
    assertThat(site.said()).containsOnlyOnce("the cloud misses usage records before number 1");
    assertThat(site.usage.waiting()).isPositive();
  }

  @Test
  void whatIsWrongWithARepositoryGoesUpWithEveryReport() throws Exception {
    site.troubles.raise("damage in main", Health.Level.FAILING, "Repository main is damaged");
    loop.keepUpOnce();
    Health told = cloud.reports.getLast().health();
    assertThat(told.level()).isEqualTo(Health.Level.FAILING);
    assertThat(told.warnings()).contains("Repository main is damaged");
  }

  @Test
  void aForkGoesOnUnderTheEpochThatTheCloudNames() throws Exception {
    site.usage.record();
    cloud.usageAnswer = Optional.of(new UsageAnswer(UsageAnswer.Outcome.FORKED, "usage", 2, 0, 0));
    loop.keepUpOnce();
    assertThat(site.usage.waiting()).isZero();
    assertThat(site.said()).contains("FORKED").contains("ACCEPTED");
  }

  @Test
  void aReportThatTheCloudKnowsOtherwiseBeginsAnEpochAndLosesNothing() throws Exception {
    loop.keepUpOnce();
    CommandResult result = result();
    site.outbox.add(result);
    cloud.refusals.put(
        "report", new SendenseException(ErrorCode.CONFLICT, "begin a new epoch of reports", ""));
    loop.keepUpOnce();
    cloud.refusals.clear();
    loop.keepUpOnce();
    assertThat(cloud.reports.getLast().sequence()).isEqualTo(1);
    assertThat(cloud.reports.getLast().commands()).containsExactly(result);
    assertThat(cloud.reports.getLast().epoch()).isNotEqualTo(cloud.reports.getFirst().epoch());
  }

  @Test
  void withoutALicenceTheLinkIsOpenAndOneIsAskedForOften() throws Exception {
    cloud.refusals.put(
        "lease", new SendenseException(ErrorCode.LICENCE_INVALID, "there is no licence", ""));
    run(Duration.ofSeconds(20));
    assertThat(cloud.reports).isNotEmpty();
    assertThat(cloud.calls.stream().filter("lease"::equals)).hasSizeBetween(4, 5);
    assertThat(site.said()).containsOnlyOnce("there is no licence");
    cloud.refusals.clear();
    run(Duration.ofSeconds(6));
    assertThat(site.licence.state().stage()).isEqualTo(Stage.VALID);
    assertThat(site.licence.state().licence()).isPresent();
  }

  @Test
  void aCopyOfThisApplianceIsSaidAndTheSessionOpenedAnewWithPatience() throws Exception {
    loop.keepUpOnce();
    cloud.refusals.put(
        "lease",
        new SendenseException(ErrorCode.LINK_CLONE_DETECTED, "another holder goes on", ""));
    site.pass(Duration.ofHours(2));
    loop.keepUpOnce();
    assertThat(cloud.closed).isEqualTo(1);
    Duration wait = loop.keepUpOnce();
    assertThat(wait).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    assertThat(cloud.closed).isEqualTo(cloud.opened);
    assertThat(site.said()).containsOnlyOnce("another holder goes on");
  }

  @Test
  void theCertificateIsRenewedAtTwoThirdsOfItsLifeAndTheLinkOpenedWithIt() throws Exception {
    loop.keepUpOnce();
    site.pass(LIFE.multipliedBy(2).dividedBy(3).minusSeconds(1));
    loop.keepUpOnce();
    assertThat(cloud.renewals).isZero();
    site.pass(Duration.ofSeconds(1));
    loop.keepUpOnce();
    assertThat(cloud.renewals).isEqualTo(1);
    assertThat(cloud.opened).isEqualTo(2);
    assertThat(cloud.closed).isEqualTo(1);
    loop.keepUpOnce();
    assertThat(cloud.renewals).isEqualTo(1);
  }

  @Test
  void healthFollowsTheLicenceThroughItsStages() throws Exception {
    loop.keepUpOnce();
    cloud.away = true;
    Instant end = Site.START.plus(Grants.LEASE);
    site.pass(Duration.between(site.clock.instant(), end));
    loop.keepUpOnce();
    assertThat(site.said()).contains("licence: ENTERPRISE GRACE");
    cloud.away = false;
    cloud.refusals.put(
        "lease", new SendenseException(ErrorCode.LICENCE_INVALID, "it was revoked", ""));
    loop.keepUpOnce();
    Health health = cloud.reports.getLast().health();
    assertThat(health.level()).isEqualTo(Health.Level.WARNING);
    assertThat(health.warnings()).isNotEmpty();
  }

  private LinkLoop loop() {
    return new LinkLoop(
        cloud,
        FakeCloud.identity(Site.START, LIFE),
        site.licence,
        site.desired,
        site.outbox,
        site.usage,
        site.inventory,
        site.troubles,
        site.clock,
        site.nanos::get,
        new Random(1),
        site.news,
        site.due,
        site.log);
  }

  private void adopt(long version) throws InterruptedException {
    loop.keepUpOnce();
    cloud.desired = Optional.of(site.state(version, List.of()));
    loop.followOnce();
    cloud.calls.clear();
  }

  private void run(Duration time) throws InterruptedException {
    Instant end = site.clock.instant().plus(time);
    while (site.clock.instant().isBefore(end)) {
      site.pass(loop.keepUpOnce());
    }
  }

  private CommandResult result() {
    return new CommandResult(
        UUID.randomUUID(), CommandResult.Outcome.SUCCEEDED, site.clock.instant(), "Done.");
  }
}
