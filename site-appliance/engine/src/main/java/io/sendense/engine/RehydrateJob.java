package io.sendense.engine;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.state.JobRecord;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.Recall;
import io.sendense.repository.format.Repository;
import java.time.Duration;
import java.util.Optional;

/** Asks the store for a point's archived data and, if wanted, waits until it is readable. */
public final class RehydrateJob {
  private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

  private final JobContext context;
  private final Waiting waiting;

  public RehydrateJob(JobContext context) {
    this(context, Waiting.real());
  }

  RehydrateJob(JobContext context, Waiting waiting) {
    this.context = context;
    this.waiting = waiting;
  }

  /**
   * Asks, and looks once more.
   *
   * @param patience how long to wait; zero for not at all
   * @return what is still to come back; nothing, where it was waited for
   * @throws SendenseException NOT_FOUND for the point; DEADLINE_EXCEEDED where the patience ended
   *     first, and the data goes on coming back
   */
  public Recall run(Repository repository, PointId point, Duration patience, String location) {
    return JobRun.run(
        context,
        JobRecord.Kind.REHYDRATE,
        "rehydrate " + point + " in " + location,
        point.toString(),
        location,
        run -> {
          run.enter(Phase.REHYDRATE);
          Recall recall = repository.recall(point, true);
          if (!patience.isZero()) {
            recall = await(repository, point, recall, patience);
          }
          run.succeed(
              Optional.of(point.toString()),
              Optional.empty(),
              Optional.of(
                  recall.readable()
                      ? "all of it is readable"
                      : recall.underWay() + " of " + recall.packs() + " packs are coming back"),
              JobRecord.Bytes.NONE);
          return recall;
        });
  }

  private Recall await(Repository repository, PointId point, Recall asked, Duration patience) {
    Recall recall = asked;
    long total = asked.bytes();
    ProgressMeter meter = new ProgressMeter(context.listener(), Phase.REHYDRATE, total);
    Duration waited = Duration.ZERO;
    while (!recall.readable()) {
      if (waited.compareTo(patience) >= 0) {
        throw new SendenseException(
            ErrorCode.DEADLINE_EXCEEDED,
            recall.archived()
                + recall.underWay()
                + " packs of point "
                + point
                + " were not readable after "
                + patience.toMinutes()
                + " minutes",
            "They go on coming back; run the command again with more patience.");
      }
      waiting.pass(LOOK_EVERY, context.control());
      waited = waited.plus(LOOK_EVERY);
      Recall now = repository.recall(point, true);
      meter.add(Math.max(0, recall.bytes() - now.bytes()));
      recall = now;
    }
    meter.finish();
    return recall;
  }
}
