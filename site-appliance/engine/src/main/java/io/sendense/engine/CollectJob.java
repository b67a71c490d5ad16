package io.sendense.engine;

import io.sendense.engine.state.JobRecord;
import io.sendense.repository.format.CollectOptions;
import io.sendense.repository.format.CollectProgress;
import io.sendense.repository.format.CollectReport;
import io.sendense.repository.format.Repository;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One collection of a repository. It may run beside anything else; one at a time from one
 * appliance. Cancelled or cut off anywhere it does no harm, and the next one goes on.
 */
public final class CollectJob {
  private final JobContext context;

  public CollectJob(JobContext context) {
    this.context = context;
  }

  /**
   * Runs the job to its end.
   *
   * @param location of the repository
   * @throws io.sendense.domain.SendenseException STORE_DAMAGED where a tree that is needed cannot
   *     be read: then nothing is removed; CANCELLED, CONFLICT, the store's failures
   */
  public CollectReport run(Repository repository, CollectOptions options, String location) {
    return JobRun.run(
        context,
        JobRecord.Kind.COLLECT,
        "collect " + location,
        location,
        location,
        run -> {
          run.enter(Phase.COLLECT);
          CollectReport report =
              repository.collect(options, context.control()::check, new Told(context.listener()));
          run.succeed(
              Optional.empty(),
              options.dryRun() ? Optional.of("dry-run") : Optional.empty(),
              Optional.of(
                  report.packsDeleted().count()
                      + " packs deleted, "
                      + report.packsCondemned().count()
                      + " given up, "
                      + report.packsRewritten().count()
                      + " rewritten"),
              new JobRecord.Bytes(0, 0, report.packsRewritten().bytes()));
          return report;
        });
  }

  /** Tells the listener now and then, and of every stage's end. */
  private static final class Told implements CollectProgress {
    private final JobListener listener;
    private @Nullable Stage stage;
    private long before;
    private @Nullable ProgressMeter meter;

    Told(JobListener listener) {
      this.listener = listener;
    }

    @Override
    public void at(Stage now, long doneBytes, long totalBytes) {
      ProgressMeter current = meter;
      if (current == null || stage != now) {
        current = new ProgressMeter(listener, phase(now), totalBytes);
        meter = current;
        stage = now;
        before = 0;
      }
      boolean last = doneBytes == totalBytes && before < totalBytes;
      current.add(doneBytes - before);
      before = doneBytes;
      if (last) {
        current.finish();
      }
    }

    private static Phase phase(Stage stage) {
      return stage == Stage.WALK ? Phase.CHECK : Phase.COLLECT;
    }
  }
}
