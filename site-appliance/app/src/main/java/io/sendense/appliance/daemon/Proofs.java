package io.sendense.appliance.daemon;

import io.sendense.appliance.cli.ProofJob;
import io.sendense.appliance.cli.ProofNeeds;
import io.sendense.appliance.cli.ProofShape;
import io.sendense.appliance.cli.Proving;
import io.sendense.domain.SendenseException;
import io.sendense.engine.JobContext;
import io.sendense.engine.JobControl;
import io.sendense.engine.JobListener;
import io.sendense.engine.JobSettings;
import io.sendense.engine.state.StateStore;
import io.sendense.recovery.machine.Shape;
import io.sendense.recovery.proof.ProofRecord;
import io.sendense.recovery.work.WorkPlaces;
import io.sendense.repository.format.RestorePoint;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Proves points by really booting them, each as a job with a record. Any platform thread. */
final class Proofs implements ProofRunner {
  private static final Duration PLACE = Duration.ofMinutes(10);

  private final StateStore state;
  private final OpenRepositories repositories;
  private final WorkPlaces places;
  private final Proving proving;
  private final InstantSource clock;
  private final SecureRandom random;
  private final DaemonLog log;
  private final Set<JobControl> running = ConcurrentHashMap.newKeySet();
  private volatile boolean ending;

  /**
   * @param folder the state folder; proofs are kept where the command keeps them too
   */
  Proofs(
      StateStore state,
      OpenRepositories repositories,
      ProofRules rules,
      Path folder,
      InstantSource clock,
      SecureRandom random,
      DaemonLog log) {
    this.state = state;
    this.repositories = repositories;
    // How many run is the pool's to say; commands of this host may hold places of their own.
    this.places = new WorkPlaces(rules.work(), WorkPlaces.MOST);
    this.proving = new Proving(clock, random, places, PLACE, folder.resolve("proofs"));
    this.clock = clock;
    this.random = random;
    this.log = log;
  }

  /** Removes what machines of a process that was killed left behind. */
  void reap() {
    try {
      places.reap();
    } catch (SendenseException e) {
      log.warn("what former proofs left was not removed: " + e.getMessage());
    }
  }

  /** Ends what runs, soon. */
  void cancel() {
    ending = true;
    running.forEach(JobControl::cancel);
  }

  @Override
  public List<RestorePoint> points(String repository) {
    return repositories.open(repository).repository().points();
  }

  @Override
  public Map<String, Integer> needs(ProofSchedule schedule, RestorePoint point) {
    return ProofNeeds.of(shape(schedule, point));
  }

  private static Shape shape(ProofSchedule schedule, RestorePoint point) {
    return ProofShape.of(point, schedule.checks(), schedule.wishes());
  }

  @Override
  public Outcome prove(ProofSchedule schedule, RestorePoint point, Duration limit) {
    String what = "point " + point.id() + " of " + point.vm();
    JobControl control = new JobControl(limit);
    running.add(control);
    try {
      if (ending) {
        control.cancel();
      }
      log.info("proof of " + what + " begins, schedule " + schedule.name());
      OpenRepositories.Open open = repositories.open(schedule.repository());
      JobContext context =
          new JobContext(
              state, clock, random, JobSettings.defaults(), control, JobListener.silent());
      Proving.Proved proved =
          ProofJob.run(
              context,
              proving,
              open.repository(),
              open.location(),
              point,
              shape(schedule, point),
              schedule.checks(),
              System.nanoTime());
      return outcome(what, proved);
    } catch (SendenseException e) {
      return switch (e.code()) {
        case CANCELLED -> new Outcome(Kind.CUT_OFF, "");
        case CONFLICT -> new Outcome(Kind.NOTHING, ""); // a command or another schedule proves it
        default -> new Outcome(Kind.NOTHING, sentence(what, e));
      };
    } catch (RuntimeException e) {
      return new Outcome(Kind.NOTHING, "Proving " + what + " failed by a defect: " + e);
    } finally {
      running.remove(control);
    }
  }

  private Outcome outcome(String what, Proving.Proved proved) {
    ProofRecord record = proved.record();
    Optional<SendenseException> failure = ProofJob.failure(record);
    if (failure.isPresent()) {
      return new Outcome(
          Kind.NOT_PROVED, failure.get().getMessage() + ". Its record is in " + proved.folder());
    }
    log.info(
        what
            + " is proved"
            + record.recovery().map(time -> ", recovered in " + time.toMillis() + " ms").orElse("")
            + proved
                .trend()
                .median()
                .map(median -> ", median of the former ones " + median.toMillis() + " ms")
                .orElse("")
            + ": "
            + proved.folder());
    return new Outcome(Kind.PROVED, "");
  }

  private static String sentence(String what, SendenseException e) {
    return "Whether "
        + what
        + " can be recovered could not be found out: "
        + e.code().id()
        + " "
        + e.getMessage()
        + ". "
        + e.remedy();
  }
}
