package io.sendense.appliance.daemon;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.CollectJob;
import io.sendense.engine.JobContext;
import io.sendense.engine.JobControl;
import io.sendense.engine.JobListener;
import io.sendense.engine.JobSettings;
import io.sendense.engine.VerifyJob;
import io.sendense.engine.state.StateStore;
import io.sendense.protocol.Health;
import io.sendense.repository.decorators.StoreCounters;
import io.sendense.repository.decorators.StoreMeter;
import io.sendense.repository.format.CollectOptions;
import io.sendense.repository.format.CollectReport;
import io.sendense.repository.format.VerifyReport;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Does the chores, each as a job with a record, and notes what went wrong. Any thread. */
final class Chores implements Chore.Runner {
  /** A verification that reads for longer has a part that is too large, or a store that hangs. */
  private static final Duration LIMIT = Duration.ofDays(2);

  /** What one collection may copy, so that it does not fill the link for days. */
  private static final long REWRITE_MAX = 64L << 30;

  private final StateStore state;
  private final DaemonDatabase database;
  private final OpenRepositories repositories;
  private final HeldPoints points;
  private final Troubles troubles;
  private final HouseRules rules;
  private final StoreCounters stores;
  private final InstantSource clock;
  private final SecureRandom random;
  private final DaemonLog log;
  private final Set<JobControl> running = ConcurrentHashMap.newKeySet();

  Chores(
      StateStore state,
      DaemonDatabase database,
      OpenRepositories repositories,
      HeldPoints points,
      Troubles troubles,
      HouseRules rules,
      StoreCounters stores,
      InstantSource clock,
      SecureRandom random,
      DaemonLog log) {
    this.state = state;
    this.database = database;
    this.repositories = repositories;
    this.points = points;
    this.troubles = troubles;
    this.rules = rules;
    this.stores = stores;
    this.clock = clock;
    this.random = random;
    this.log = log;
  }

  /** Ends what looks whether it is to end; a collection may be cut off anywhere without harm. */
  void cancel() {
    running.forEach(JobControl::cancel);
  }

  @Override
  public boolean run(Chore chore, String repository) {
    String about = chore.word() + " " + repository;
    JobControl control = new JobControl(LIMIT);
    running.add(control);
    try {
      OpenRepositories.Open open = repositories.open(repository);
      switch (chore) {
        case LOOK -> points.look(open);
        case COLLECT -> collect(open, context(control));
        case VERIFY -> verify(open, new VerifyJob(context(control)));
      }
      troubles.clear(about);
      return true;
    } catch (SendenseException e) {
      if (e.code() != ErrorCode.CANCELLED && e.code() != ErrorCode.CONFLICT) {
        failed(chore, repository, e);
      }
    } catch (RuntimeException e) {
      failed(
          chore,
          repository,
          new SendenseException(ErrorCode.INTERNAL, "a defect: " + e, "Report it.", e));
    } finally {
      running.remove(control);
    }
    return false;
  }

  private void failed(Chore chore, String repository, SendenseException e) {
    String what =
        switch (chore) {
          case LOOK -> "The points of repository " + repository + " could not be listed";
          case COLLECT -> "Repository " + repository + " could not be collected";
          case VERIFY -> "Repository " + repository + " could not be verified";
        };
    troubles.raise(
        chore.word() + " " + repository,
        Health.Level.WARNING,
        what + ": " + e.code().id() + " " + e.getMessage() + ". " + e.remedy());
  }

  private void collect(OpenRepositories.Open open, JobContext context) {
    CollectOptions usual = CollectOptions.defaults();
    CollectOptions options =
        new CollectOptions(false, usual.wantedPercent(), REWRITE_MAX, usual.scratch());
    CollectReport report = new CollectJob(context).run(open.repository(), options, open.location());
    log.info(
        "collection of "
            + open.name()
            + ": "
            + report.packsDeleted().bytes()
            + " bytes deleted, "
            + report.packsCondemned().bytes()
            + " given up, "
            + report.bytesWanted()
            + " needed");
    log.info("stores since the start: " + traffic());
  }

  /** Calls, failed attempts and bytes of all stores, by what was asked. */
  private String traffic() {
    return Arrays.stream(StoreMeter.Operation.values())
        .map(
            operation -> {
              StoreCounters.Sum sum = stores.sum(operation);
              long failed = sum.failures().values().stream().mapToLong(Long::longValue).sum();
              return operation.name().toLowerCase(Locale.ROOT)
                  + " "
                  + sum.calls()
                  + " calls "
                  + failed
                  + " failed "
                  + sum.bytes()
                  + " bytes";
            })
        .collect(Collectors.joining(", "));
  }

  /** What was damaged is looked at again until it is mended, besides the part that is due. */
  private void verify(OpenRepositories.Open open, VerifyJob job) {
    Optional<Integer> damaged = database.setting(damagedKey(open)).map(Integer::valueOf);
    if (damaged.filter(part -> part <= rules.verifyParts()).isPresent()) {
      verify(open, job, damaged.get());
    }
    int last = database.setting(partKey(open)).map(Integer::valueOf).orElse(0);
    int part = last >= rules.verifyParts() ? 1 : last + 1;
    verify(open, job, part);
    database.set(partKey(open), Integer.toString(part));
  }

  private void verify(OpenRepositories.Open open, VerifyJob job, int part) {
    VerifyJob.Result result =
        job.runPart(open.repository(), part, rules.verifyParts(), open.location());
    VerifyReport report = result.report();
    points.examined(open, result.part(), report);
    String about = "damage in " + open.name();
    if (report.whole()) {
      log.info(
          "verification of "
              + open.name()
              + ", "
              + result.part()
              + ": whole, "
              + report.bytesRead()
              + " bytes read");
      if (database.setting(damagedKey(open)).filter(Integer.toString(part)::equals).isPresent()) {
        database.unset(damagedKey(open));
        troubles.clear(about);
      }
      return;
    }
    if (database.setting(damagedKey(open)).isEmpty()) {
      database.set(damagedKey(open), Integer.toString(part));
    }
    VerifyReport.Finding first = report.findings().getFirst();
    troubles.raise(
        about,
        Health.Level.FAILING,
        "Repository "
            + open.name()
            + " is damaged: "
            + report.findings().size()
            + " findings, such as "
            + first.object()
            + ", "
            + first.detail()
            + ". Mend it with `repository heal`, from a copy if there is one.");
  }

  private JobContext context(JobControl control) {
    return new JobContext(
        state, clock, random, JobSettings.defaults(), control, JobListener.silent());
  }

  private static String partKey(OpenRepositories.Open open) {
    return "verified part " + open.name();
  }

  private static String damagedKey(OpenRepositories.Open open) {
    return "damaged part " + open.name();
  }
}
