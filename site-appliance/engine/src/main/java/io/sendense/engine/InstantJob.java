package io.sendense.engine;

import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.InstantPlan;
import io.sendense.connectors.spi.InstantTarget;
import io.sendense.connectors.spi.Machine;
import io.sendense.connectors.spi.MachinePlan;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.instant.InstantRecord;
import io.sendense.engine.instant.InstantServing;
import io.sendense.engine.instant.InstantState;
import io.sendense.engine.instant.InstantStore;
import io.sendense.engine.state.JobLocks;
import io.sendense.engine.state.JobRecord;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.PointReader;
import io.sendense.repository.format.PointStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts, finishes and discards instant recoveries. It asks no licence. Every step is written down
 * before its first effect, so that any later process can go on or clean up.
 */
public final class InstantJob {
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  /**
   * A job that breaks off is begun again so often before a person has to look, each time after
   * twice as long: a platform may need some goes until it has found the served disks again.
   */
  private static final int ATTEMPTS = 8;

  private final JobContext context;
  private final InstantStore store;
  private final InstantTarget target;
  private final Serving serving;
  private final Waiting waiting = Waiting.real();

  /** Who serves the disks, in this process or another. */
  public interface Serving {
    /** Returns when the disks can be read. */
    void serve(InstantRecord record);

    /** They are needed no more. */
    void release(InstantRecord record);
  }

  public InstantJob(JobContext context, InstantStore store, InstantTarget target, Serving serving) {
    this.context = context;
    this.store = store;
    this.target = target;
    this.serving = serving;
  }

  /** What a start gave. */
  public record Started(Machine machine, Duration duration) {}

  /**
   * What a finish did; it exists only when everything that the guest did not write was read back
   * and compared with the point.
   *
   * @param movedBytes sizes of the disks
   * @param provedBytes equal to the point; holes on both sides are counted, not read
   * @param writtenBytes written by the guest since it was started, in the tracker's granularity
   */
  public record Finished(long movedBytes, long provedBytes, long writtenBytes, Duration duration) {}

  /**
   * Runs a machine from a point.
   *
   * @param record in state STARTING, not yet in the store
   * @throws SendenseException whatever stood in the way; nothing is left then
   */
  public Started start(InstantRecord record, MachinePlan plan) {
    return run(
        record,
        "start",
        run -> {
          store.add(record);
          try {
            run.enter(Phase.MAKE);
            serving.serve(record);
            target.admit(record.socket());
            Machine machine = target.make(plan(record, plan));
            run.enter(Phase.START);
            Baseline since = target.start(record.id());
            store.running(record.id(), since.token());
            run.succeed(
                Optional.of(record.point()),
                Optional.empty(),
                Optional.empty(),
                JobRecord.Bytes.NONE);
            return new Started(machine, run.elapsed());
          } catch (RuntimeException | Error e) {
            try {
              remove(record);
            } catch (RuntimeException second) {
              e.addSuppressed(second);
            }
            throw e;
          }
        });
  }

  private static InstantPlan plan(InstantRecord record, MachinePlan plan) {
    List<InstantPlan.Served> served = new ArrayList<>();
    for (int i = 0; i < plan.disks().size(); i++) {
      served.add(
          new InstantPlan.Served(
              plan.disks().get(i).name(), record.socket(), InstantServing.export(i)));
    }
    return new InstantPlan(record.id(), plan, served);
  }

  /**
   * Serves the disks of a recovery again and lets its guest go on where it was held for them.
   *
   * @return whether it was held
   */
  public boolean resume(InstantRecord record) {
    // Looked at first: a serving process that has just been started lets its guests go on itself.
    boolean held = target.look(record.id()).filter(InstantTarget.Look::held).isPresent();
    serving.serve(record);
    target.admit(record.socket());
    return target.goOn(record.id()) || held;
  }

  /**
   * Brings the machine's disks home while it runs, proves them, and hands it over. Called again
   * after it failed or died it goes on where it was.
   *
   * @param to folder where its disks go; empty for the one where they were made
   * @param unproved to hand it over although it cannot be proved, because the platform lost what it
   *     noted of the guest's writes; nothing then counts as proved
   * @throws SendenseException CONFLICT where the machine does not run, or where it cannot be
   *     proved; INTERNAL where what was moved differs from the point: the machine and the recovery
   *     stay
   */
  public Finished finish(
      InstantRecord record, PointStore points, Optional<Path> to, boolean unproved) {
    return run(
        record,
        "finish",
        run -> {
          try (PointReader reader = points.read(PointId.parse(record.point()))) {
            if (record.state().needsPoint() || !left(record, to).isEmpty()) {
              // Served first: one that is off cannot be started otherwise.
              resume(record);
              requireActive(record);
              store.enter(record.id(), InstantState.MOVING);
              run.enter(Phase.MOVE);
              Map<String, Long> sizes = new HashMap<>();
              reader
                  .point()
                  .disks()
                  .forEach(
                      disk -> sizes.put(target.nameOf(record.id(), disk.name()), disk.sizeBytes()));
              move(record, sizes, to);
              store.enter(record.id(), InstantState.MOVED);
            }
            requireActive(record);
            run.enter(Phase.READ_BACK);
            InstantProof proof = new InstantProof(context, target, record, reader);
            InstantProof.Result result = unproved ? InstantProof.Result.NONE : proof.run();
            target.keep(record.id());
            serving.release(record);
            InstantServing.removeSocket(record);
            store.remove(record.id());
            long moved = reader.point().disks().stream().mapToLong(disk -> disk.sizeBytes()).sum();
            run.succeed(
                Optional.of(record.point()),
                Optional.empty(),
                unproved ? Optional.of("handed over unproved") : Optional.empty(),
                new JobRecord.Bytes(moved, result.writtenBytes(), moved));
            return new Finished(moved, result.provedBytes(), result.writtenBytes(), run.elapsed());
          }
        });
  }

  private void requireActive(InstantRecord record) {
    InstantTarget.Look look =
        target
            .look(record.id())
            .orElseThrow(
                () ->
                    new SendenseException(
                        ErrorCode.NOT_FOUND,
                        "the machine of instant recovery " + record.name() + " is gone",
                        "Discard the recovery."));
    if (look.power() == Machine.Power.OFF) {
      throw new SendenseException(
          ErrorCode.CONFLICT,
          "machine " + record.name() + " is off, and its disks are moved only while it runs",
          "Start it on its platform, then finish again; or discard the recovery.");
    }
  }

  /**
   * One disk after another: QEMU 7.2 was seen to crash when the streams of two disks ended beside
   * each other, and a disk's stream alone keeps the store busy.
   */
  private void move(InstantRecord record, Map<String, Long> sizes, Optional<Path> to) {
    long total = sizes.values().stream().mapToLong(Long::longValue).sum();
    ProgressMeter meter = new ProgressMeter(context.listener(), Phase.MOVE, total);
    long told = 0;
    int begun = 0;
    List<String> left = left(record, to);
    String moving = "";
    while (!left.isEmpty()) {
      if (!left.getFirst().equals(moving)) {
        moving = left.getFirst();
        begun = 0;
      }
      if (pushOn(record, moving, to)) {
        if (begun == ATTEMPTS) {
          throw new SendenseException(
              ErrorCode.SOURCE_UNREADABLE,
              "moving disk " + moving + " of " + record.name() + " breaks off again and again",
              "Look at the log of its platform and at the space there; then finish again.");
        }
        begun++;
        waiting.pass(LOOK_EVERY.multipliedBy(1L << (begun - 1)), context.control());
      }
      waiting.pass(LOOK_EVERY, context.control());
      Optional<InstantTarget.Move> move = target.move(record.id(), moving);
      left = left(record, to);
      long still = left.stream().mapToLong(disk -> sizes.getOrDefault(disk, 0L)).sum();
      long done = total - still + move.map(InstantTarget.Move::doneBytes).orElse(0L);
      meter.add(Math.max(0, Math.min(done, total) - told));
      told = Math.max(told, Math.min(done, total));
    }
    meter.finish();
  }

  /** Whether it had to be begun. */
  private boolean pushOn(InstantRecord record, String disk, Optional<Path> to) {
    if (to.isPresent()) {
      return target.bringTo(record.id(), disk, to.get());
    }
    // A job that has just ended is no longer listed, and its disk is at home.
    if (target.move(record.id(), disk).isPresent() || !left(record, to).contains(disk)) {
      return false;
    }
    target.bringHome(record.id(), disk);
    return true;
  }

  private List<String> left(InstantRecord record, Optional<Path> to) {
    return to.map(folder -> target.elsewhere(record.id(), folder))
        .orElseGet(() -> target.look(record.id()).map(InstantTarget.Look::away).orElse(List.of()));
  }

  /** Removes the machine with all that was made for it. */
  public void discard(InstantRecord record) {
    boolean unused =
        run(
            record,
            "discard",
            run -> {
              run.enter(Phase.FINISH);
              remove(record);
              run.succeed(
                  Optional.of(record.point()),
                  Optional.empty(),
                  Optional.empty(),
                  JobRecord.Bytes.NONE);
              return true;
            });
  }

  /** Removes recoveries whose start was cut off; none of them has anything a guest wrote. */
  public static boolean wasCutOff(JobContext context, InstantRecord record) {
    if (record.state() != InstantState.STARTING && record.state() != InstantState.DISCARDING) {
      return false;
    }
    Optional<JobLocks.Held> lock = context.state().locks().ifFree(lock(record));
    lock.ifPresent(JobLocks.Held::close);
    return lock.isPresent();
  }

  private void remove(InstantRecord record) {
    store.enter(record.id(), InstantState.DISCARDING);
    target.remove(record.id());
    serving.release(record);
    InstantServing.removeSocket(record);
    store.remove(record.id());
  }

  private static String lock(InstantRecord record) {
    return "instant recovery " + record.id();
  }

  private <T> T run(
      InstantRecord record, String what, java.util.function.Function<JobRun, T> work) {
    return JobRun.run(
        context,
        JobRecord.Kind.INSTANT,
        lock(record),
        what + " " + record.name(),
        record.location(),
        work);
  }
}
