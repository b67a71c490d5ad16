package io.sendense.engine;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.state.JobLocks;
import io.sendense.engine.state.JobRecord;
import io.sendense.engine.state.JobStore;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** The record of a job while it runs: its lock, its phases and its end, each written down. */
final class JobRun {
  private final JobContext context;
  private final JobStore jobs;
  private final String id;
  private final long startNanos = System.nanoTime();

  private JobRun(JobContext context, String id) {
    this.context = context;
    this.jobs = context.state().jobs();
    this.id = id;
  }

  /** Runs the work under a lock; however it ends, the job's record says how. */
  static <T> T run(
      JobContext context,
      JobRecord.Kind kind,
      String lockName,
      String subject,
      String location,
      Function<JobRun, T> work) {
    String id = UuidV7.next(context.clock(), context.random()).toString();
    String busy = "another job is at work here: " + lockName;
    try (JobLocks.Held _ = context.state().locks().take(lockName, busy)) {
      JobRun run = new JobRun(context, id);
      run.jobs.start(id, kind, lockName, subject, location, Phase.PREPARE.label());
      context.listener().entered(Phase.PREPARE);
      try {
        return work.apply(run);
      } catch (SendenseException e) {
        run.fail(e, e);
        throw e;
      } catch (RuntimeException | Error e) {
        run.fail(new SendenseException(ErrorCode.INTERNAL, String.valueOf(e), "", e), e);
        throw e;
      }
    }
  }

  String id() {
    return id;
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /** Enters a phase unless the job was cancelled or is late. */
  void enter(Phase phase) {
    context.control().check();
    enterToTheEnd(phase);
  }

  /** Enters a phase unless the job was cancelled, with a note that stays with the job. */
  void enter(Phase phase, String note) {
    context.control().check();
    jobs.enter(id, phase.label(), note);
    context.listener().entered(phase);
  }

  /** Notes how far a phase is that consists of so many steps. */
  void step(Phase phase, int done, int of, String note) {
    jobs.enter(id, phase.label() + " " + done + "/" + of, note);
  }

  /** Enters a phase that is not given up any more. */
  void enterToTheEnd(Phase phase) {
    jobs.enter(id, phase.label(), "");
    context.listener().entered(phase);
  }

  /** Keeps with the job that something is wrong which a person has to look into. */
  void alarm(String text) {
    jobs.happened(id, "alarm", text);
  }

  void succeed(
      Optional<String> point,
      Optional<String> mode,
      Optional<String> reason,
      JobRecord.Bytes bytes) {
    jobs.succeed(id, point, mode, reason, bytes);
  }

  /** Ends the record as failed where that is a result rather than an exception. */
  void fail(SendenseException finding) {
    jobs.fail(id, finding);
  }

  /** A record that cannot be written, as on a full disk, must not hide the failure itself. */
  private void fail(SendenseException failure, Throwable thrown) {
    try {
      jobs.fail(id, failure);
    } catch (RuntimeException e) {
      thrown.addSuppressed(e);
    }
  }
}
