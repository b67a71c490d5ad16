package io.sendense.appliance.daemon;

import io.sendense.domain.SendenseException;
import io.sendense.protocol.Health;
import io.sendense.repository.format.RestorePoint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Decides whose newest point is to be proved, has it done by a pool within the site's budget, and
 * says what failed or is overdue. When each was begun and how it ended is durable. What was missed
 * while the appliance was off, or outside the window, is done once.
 */
final class ProofScheduler {
  /** Points are listed so often, since others than this appliance may make them. */
  static final Duration LOOK_EVERY = Duration.ofMinutes(5);

  private static final String ALL = "proof by ";

  private final DaemonDatabase database;
  private final List<ProofSchedule> schedules;
  private final ProofRunner runner;
  private final Troubles troubles;
  private final InstantSource clock;
  private final JobPool pool;
  private final Map<String, Instant> looked = new HashMap<>();

  ProofScheduler(
      DaemonDatabase database,
      List<ProofSchedule> schedules,
      ProofRunner runner,
      Troubles troubles,
      InstantSource clock,
      JobPool pool) {
    this.database = database;
    this.schedules = List.copyOf(schedules);
    this.runner = runner;
    this.troubles = troubles;
    this.clock = clock;
    this.pool = pool;
    troubles.keepOnlyOf(
        ALL, about -> schedules.stream().anyMatch(each -> about.startsWith(prefix(each))));
  }

  /** Begins to look where it is time; true if there was something. From one thread. */
  boolean runDue() {
    boolean did = false;
    for (ProofSchedule schedule : schedules) {
      String job = "look for points to prove by " + schedule.name();
      Instant last = looked.get(schedule.name());
      Instant now = clock.instant();
      boolean time = last == null || now.isBefore(last) || !now.isBefore(last.plus(LOOK_EVERY));
      if (time && pool.begin(job, List.of(), () -> look(schedule))) {
        looked.put(schedule.name(), now);
        did = true;
      }
    }
    return did;
  }

  private void look(ProofSchedule schedule) {
    String about = "points to prove by " + schedule.name() + " in " + schedule.repository();
    Map<String, List<RestorePoint>> machines;
    try {
      machines =
          runner.points(schedule.repository()).stream()
              .filter(point -> schedule.covers(point.vm()))
              .collect(Collectors.groupingBy(RestorePoint::vm, TreeMap::new, Collectors.toList()));
      troubles.clear(about);
    } catch (SendenseException e) {
      troubles.raise(
          about,
          Health.Level.WARNING,
          "Nothing is proved by schedule "
              + schedule.name()
              + ": "
              + e.getMessage()
              + ". "
              + e.remedy());
      return;
    }
    Set<String> watched = new HashSet<>();
    machines.forEach(
        (vm, points) -> {
          watched.add(failure(schedule, vm));
          watched.add(overdue(schedule, vm));
          ProofMark mark = mark(schedule, vm);
          // Before it begins: a proof that passes meanwhile ends the alarm.
          alarm(schedule, vm, mark, points);
          if (open(schedule) && due(schedule, mark, points)) {
            begin(schedule, points.getLast());
          }
        });
    // A machine whose points are gone, or that a schedule leaves out now, has nothing to prove.
    troubles.keepOnlyOf(prefix(schedule), watched::contains);
  }

  private boolean open(ProofSchedule schedule) {
    return schedule.window().map(window -> window.isOpen(clock.instant())).orElse(true);
  }

  /** A start that lies in the future means that the clock was set back: then it is due. */
  private boolean due(ProofSchedule schedule, ProofMark mark, List<RestorePoint> points) {
    Duration since = Duration.between(mark.at(), clock.instant());
    boolean fresh = !points.getLast().id().toString().equals(mark.point());
    return switch (mark.state()) {
      case WAITING -> true;
      case OPEN -> since.isNegative() || since.compareTo(schedule.afterCrash()) >= 0;
      case NOTHING -> since.isNegative() || since.compareTo(schedule.again()) >= 0;
      case NOT_PROVED ->
          since.isNegative()
              || schedule.every().filter(every -> since.compareTo(every) >= 0).isPresent()
              || (fresh && since.compareTo(schedule.again()) >= 0);
      case PROVED ->
          since.isNegative()
              || schedule.every().filter(every -> since.compareTo(every) >= 0).isPresent()
              || (schedule.everyPoints().isPresent()
                  && after(points, mark.point()) >= schedule.everyPoints().getAsInt());
    };
  }

  /** Points behind one; all where it is gone. */
  private static int after(List<RestorePoint> points, String id) {
    int newer = 0;
    for (int i = points.size() - 1; i >= 0 && !points.get(i).id().toString().equals(id); i--) {
      newer++;
    }
    return newer;
  }

  private void begin(ProofSchedule schedule, RestorePoint point) {
    boolean unused =
        pool.begin(
            "proof of " + point.vm() + " by " + schedule.name() + " in " + schedule.repository(),
            runner.needs(schedule, point),
            () -> prove(schedule, point));
  }

  private void prove(ProofSchedule schedule, RestorePoint point) {
    if (!open(schedule)) {
      return; // it closed while the proof waited its turn
    }
    Instant now = clock.instant();
    ProofMark before = mark(schedule, point.vm());
    ProofMark begun = before.begun(now, point.id().toString());
    database.set(key(schedule, point.vm()), begun.text());
    Duration limit =
        schedule
            .window()
            .flatMap(window -> window.left(now))
            .filter(left -> left.compareTo(schedule.limit()) < 0)
            .orElse(schedule.limit());
    ProofRunner.Outcome outcome = runner.prove(schedule, point, limit);
    String about = failure(schedule, point.vm());
    switch (outcome.kind()) {
      case PROVED -> {
        end(schedule, point, begun.ended(ProofMark.State.PROVED));
        troubles.clear(about);
        troubles.clear(overdue(schedule, point.vm()));
      }
      case NOT_PROVED -> {
        end(schedule, point, begun.ended(ProofMark.State.NOT_PROVED));
        troubles.raise(about, Health.Level.FAILING, outcome.text());
      }
      case NOTHING -> {
        end(schedule, point, begun.ended(ProofMark.State.NOTHING));
        if (!outcome.text().isEmpty()) {
          troubles.raise(about, Health.Level.WARNING, outcome.text());
        }
      }
      case CUT_OFF -> end(schedule, point, before); // the next start begins it anew
    }
  }

  private void end(ProofSchedule schedule, RestorePoint point, ProofMark mark) {
    database.set(key(schedule, point.vm()), mark.text());
  }

  private void alarm(ProofSchedule schedule, String vm, ProofMark mark, List<RestorePoint> points) {
    Instant last = mark.passed().orElseGet(() -> since(schedule, vm));
    boolean late =
        schedule
            .overdueAfter()
            .filter(limit -> Duration.between(last, clock.instant()).compareTo(limit) > 0)
            .isPresent();
    int unproved = after(points, mark.passedPoint());
    boolean many =
        schedule.everyPoints().isPresent() && unproved > 2L * schedule.everyPoints().getAsInt();
    if (late || many) {
      troubles.raise(
          overdue(schedule, vm),
          Health.Level.WARNING,
          "No point of "
              + vm
              + " in repository "
              + schedule.repository()
              + " has been proved since "
              + last
              + mark.passed().map(_ -> "").orElse(", when schedule " + schedule.name() + " began")
              + "; "
              + unproved
              + (unproved == 1 ? " point is unproved." : " points are unproved."));
    } else {
      troubles.clear(overdue(schedule, vm));
    }
  }

  /** Since when a machine waits for its first proof. */
  private Instant since(ProofSchedule schedule, String vm) {
    String key = "proof since " + schedule.name() + " " + vm;
    Optional<Instant> known = database.setting(key).map(Instant::parse);
    if (known.isPresent()) {
      return known.get();
    }
    Instant now = clock.instant();
    database.set(key, now.toString());
    return now;
  }

  private ProofMark mark(ProofSchedule schedule, String vm) {
    return database
        .setting(key(schedule, vm))
        .map(ProofMark::parse)
        .orElseGet(() -> ProofMark.waiting(clock.instant()));
  }

  private static String key(ProofSchedule schedule, String vm) {
    return "proof mark " + schedule.name() + " " + vm;
  }

  private static String prefix(ProofSchedule schedule) {
    return ALL + schedule.name() + " ";
  }

  private static String failure(ProofSchedule schedule, String vm) {
    return prefix(schedule) + "of " + vm + " in " + schedule.repository();
  }

  private static String overdue(ProofSchedule schedule, String vm) {
    return prefix(schedule) + "overdue for " + vm + " in " + schedule.repository();
  }
}
