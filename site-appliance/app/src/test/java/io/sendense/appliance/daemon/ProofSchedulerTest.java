package io.sendense.appliance.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.appliance.cli.ProofShape;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.limits.BackupWindow;
import io.sendense.protocol.Health;
import io.sendense.repository.format.Consistency;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.PointStatistics;
import io.sendense.repository.format.RestorePoint;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProofSchedulerTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path folder;
  private Site site;
  private final Desk desk = new Desk();

  @BeforeEach
  void open() {
    site = new Site(folder);
    desk.add("shop");
    desk.add("mail");
  }

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void theNewestPointOfEveryMachineIsProvedAtOnceAndThenEveryPeriod() {
    ProofScheduler proofs = scheduler(every(DAY));
    proofs.runDue();
    assertThat(desk.proved).containsExactly("mail-2", "shop-1");
    desk.add("shop");
    pass(proofs, DAY.minus(HOUR));
    assertThat(desk.proved).hasSize(2);
    pass(proofs, HOUR);
    assertThat(desk.proved).containsExactly("mail-2", "shop-1", "mail-2", "shop-3");
    assertThat(site.troubles.all()).isEmpty();
  }

  @Test
  void aRestartRepeatsNothing() {
    scheduler(every(DAY)).runDue();
    site.restart();
    ProofScheduler proofs = scheduler(every(DAY));
    pass(proofs, Duration.ofHours(23));
    assertThat(desk.proved).hasSize(2);
  }

  @Test
  void pointsCountWhereTheScheduleCountsThem() {
    ProofScheduler proofs = scheduler(points(3, "shop"));
    proofs.runDue();
    desk.add("shop");
    desk.add("shop");
    pass(proofs, DAY);
    assertThat(desk.proved).containsExactly("shop-1");
    desk.add("shop");
    pass(proofs, HOUR);
    assertThat(desk.proved).containsExactly("shop-1", "shop-5");
  }

  @Test
  void whatFailedIsToldAndProvedAgainWithTheNextPoint() {
    ProofScheduler proofs = scheduler(every(DAY, "shop"));
    desk.kind = ProofRunner.Kind.NOT_PROVED;
    proofs.runDue();
    assertThat(site.troubles.all())
        .containsExactly(new Troubles.Trouble(Health.Level.FAILING, "shop-1 does not boot."));
    pass(proofs, Duration.ofHours(3));
    assertThat(desk.proved).hasSize(1);
    desk.kind = ProofRunner.Kind.PROVED;
    desk.add("shop");
    pass(proofs, Duration.ofMinutes(5));
    assertThat(desk.proved).containsExactly("shop-1", "shop-3");
    assertThat(site.troubles.all()).isEmpty();
  }

  @Test
  void whatCouldNotBeFoundOutIsTriedAgainAfterAnHour() {
    ProofScheduler proofs = scheduler(every(DAY, "shop"));
    desk.kind = ProofRunner.Kind.NOTHING;
    proofs.runDue();
    pass(proofs, Duration.ofHours(2));
    assertThat(desk.proved).hasSize(3);
    assertThat(site.troubles.all()).hasSize(1);
  }

  @Test
  void aMachineWithoutAProofForLongerThanTheScheduleSaysIsTold() {
    ProofScheduler proofs = scheduler(every(DAY, "shop"));
    proofs.runDue();
    desk.kind = ProofRunner.Kind.NOTHING;
    pass(proofs, DAY.multipliedBy(2));
    assertThat(site.troubles.all()).hasSize(1);
    pass(proofs, Duration.ofHours(1));
    assertThat(site.troubles.all())
        .extracting(Troubles.Trouble::text)
        .anyMatch(text -> text.startsWith("No point of shop in repository main has been proved"));
    desk.kind = ProofRunner.Kind.PROVED;
    pass(proofs, HOUR);
    assertThat(site.troubles.all()).isEmpty();
  }

  @Test
  void outsideItsWindowNothingBeginsAndInItAProofEndsWithIt() {
    BackupWindow night = BackupWindow.parse(ZoneOffset.UTC, List.of("mon-sun 03:00-03:30"));
    ProofScheduler proofs =
        scheduler(schedule(Optional.of(DAY), OptionalInt.empty(), Optional.of(night), "shop"));
    pass(proofs, Duration.ofHours(2));
    assertThat(desk.proved).isEmpty();
    pass(proofs, HOUR);
    assertThat(desk.proved).containsExactly("shop-1");
    assertThat(desk.limit).isLessThanOrEqualTo(Duration.ofMinutes(30));
  }

  @Test
  void aCrashIsNotRepeatedInACircleAndAnEndInOrderIsGoneOnFrom() {
    desk.dies = true;
    ProofScheduler dying = scheduler(every(DAY, "shop"));
    try {
      dying.runDue();
    } catch (IllegalStateException killed) {
      assertThat(killed).hasMessage("killed");
    }
    desk.dies = false;
    desk.kind = ProofRunner.Kind.CUT_OFF;
    site.restart();
    ProofScheduler proofs = scheduler(every(DAY, "shop"));
    pass(proofs, Duration.ofMinutes(10));
    assertThat(desk.proved).hasSize(1);
    pass(proofs, Duration.ofMinutes(10));
    assertThat(desk.proved.size()).isGreaterThan(1);
    assertThat(site.troubles.all()).isEmpty();
  }

  @Test
  void whatWasWrongIsForgottenWithItsScheduleOrMachine() {
    desk.kind = ProofRunner.Kind.NOT_PROVED;
    scheduler(every(DAY)).runDue();
    assertThat(site.troubles.all()).hasSize(2);
    ProofScheduler shopOnly = scheduler(every(DAY, "shop"));
    shopOnly.runDue();
    assertThat(site.troubles.all()).hasSize(1);
    scheduler();
    assertThat(site.troubles.all()).isEmpty();
  }

  @Test
  void aRepositoryThatCannotBeListedIsToldUntilItCan() {
    desk.broken = true;
    ProofScheduler proofs = scheduler(every(DAY));
    proofs.runDue();
    assertThat(site.troubles.all()).hasSize(1);
    desk.broken = false;
    pass(proofs, Duration.ofMinutes(5));
    assertThat(site.troubles.all()).isEmpty();
    assertThat(desk.proved).hasSize(2);
  }

  private ProofScheduler scheduler(ProofSchedule... schedules) {
    return new ProofScheduler(
        site.database, List.of(schedules), desk, site.troubles, site.clock, JobPool.direct());
  }

  private void pass(ProofScheduler proofs, Duration time) {
    Duration step = Duration.ofMinutes(5);
    for (Duration at = Duration.ZERO; at.compareTo(time) < 0; at = at.plus(step)) {
      site.pass(step);
      proofs.runDue();
    }
  }

  private static ProofSchedule every(Duration time, String... vms) {
    return schedule(Optional.of(time), OptionalInt.empty(), Optional.empty(), vms);
  }

  private static ProofSchedule points(int count, String... vms) {
    return schedule(Optional.empty(), OptionalInt.of(count), Optional.empty(), vms);
  }

  private static ProofSchedule schedule(
      Optional<Duration> every, OptionalInt points, Optional<BackupWindow> window, String... vms) {
    return new ProofSchedule(
        "nightly",
        "main",
        Set.of(vms),
        every,
        points,
        window,
        HOUR,
        Optional.empty(),
        List.of(),
        new ProofShape.Wishes(256, 1, 64, Optional.empty(), Optional.empty(), "VIRTIO"));
  }

  /** Points without content, and proofs that end as the test says. */
  private final class Desk implements ProofRunner {
    private final List<RestorePoint> points = new ArrayList<>();
    private final Map<String, String> names = new java.util.HashMap<>();
    private final List<String> proved = new ArrayList<>();
    private Kind kind = Kind.PROVED;
    private Duration limit = Duration.ZERO;
    private boolean dies;
    private boolean broken;

    void add(String vm) {
      PointId id = new PointId(new UUID(7, points.size() + 1L));
      names.put(id.toString(), vm + "-" + (points.size() + 1));
      points.add(
          new RestorePoint(
              id,
              vm,
              points.size() + 1L,
              List.of(),
              site.clock.instant(),
              site.clock.instant(),
              Optional.empty(),
              Consistency.CRASH,
              Map.of(),
              new PointStatistics(0, 0, 0, 0, 0, 0, 0)));
    }

    @Override
    public List<RestorePoint> points(String repository) {
      assertThat(repository).isEqualTo("main");
      if (broken) {
        throw new SendenseException(ErrorCode.STORE_UNAVAILABLE, "the store is away", "Wait.");
      }
      return points;
    }

    @Override
    public Map<String, Integer> needs(ProofSchedule schedule, RestorePoint point) {
      return Map.of("machines", 1);
    }

    @Override
    public Outcome prove(ProofSchedule schedule, RestorePoint point, Duration atMost) {
      String name = String.valueOf(names.get(point.id().toString()));
      proved.add(name);
      limit = atMost;
      if (dies) {
        throw new IllegalStateException("killed");
      }
      return new Outcome(kind, kind == Kind.PROVED ? "" : name + " does not boot.");
    }
  }
}
