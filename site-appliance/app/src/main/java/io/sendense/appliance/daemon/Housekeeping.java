package io.sendense.appliance.daemon;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Decides which chore is due in which repository, and has it done by the pool: one at a time in the
 * whole appliance, beside the backups and without taking their places. When each was begun and how
 * it ended is durable. What was missed while the appliance was off is done once.
 */
final class Housekeeping {
  private final DaemonDatabase database;
  private final List<String> repositories;
  private final HouseRules rules;
  private final Chore.Runner runner;
  private final InstantSource clock;
  private final JobPool pool;

  Housekeeping(
      DaemonDatabase database,
      List<String> repositories,
      HouseRules rules,
      Chore.Runner runner,
      InstantSource clock,
      JobPool pool) {
    this.database = database;
    this.repositories = List.copyOf(repositories);
    this.rules = rules;
    this.runner = runner;
    this.clock = clock;
    this.pool = pool;
  }

  /** How a chore stands, and when it was last begun. */
  private record Mark(boolean done, Instant begun) {
    static Mark parse(String text) {
      return new Mark(text.startsWith(DONE), Instant.parse(text.substring(DONE.length())));
    }

    /** Of the same length, so that the time stands at the same place. */
    static final String DONE = "done ";

    static final String OPEN = "open ";
  }

  /** Begins everything that is due now; true if there was something. */
  boolean runDue() {
    boolean did = false;
    for (String repository : repositories) {
      for (Chore chore : Chore.values()) {
        String job = "house " + repository;
        if (!pool.busy(job) && due(chore, repository)) {
          did |= pool.begin(job, List.of(JobLimits.HOUSE), () -> run(chore, repository));
        }
      }
    }
    return did;
  }

  private void run(Chore chore, String repository) {
    Instant begun = clock.instant();
    // Open until it has succeeded: a failure and a crash are tried again after the same while.
    database.set(key(chore, repository), Mark.OPEN + begun);
    if (runner.run(chore, repository)) {
      database.set(key(chore, repository), Mark.DONE + begun);
    }
  }

  /** A start that lies in the future means that the clock was set back: then it is due. */
  private boolean due(Chore chore, String repository) {
    if (rules.every(chore).isZero()) {
      return false;
    }
    Optional<Mark> last = database.setting(key(chore, repository)).map(Mark::parse);
    if (last.isEmpty()) {
      return true;
    }
    Duration since = Duration.between(last.get().begun(), clock.instant());
    Duration wait = last.get().done() ? rules.every(chore) : rules.again(chore);
    return since.isNegative() || since.compareTo(wait) >= 0;
  }

  private static String key(Chore chore, String repository) {
    return "chore " + chore.word() + " " + repository;
  }
}
