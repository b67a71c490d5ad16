package io.sendense.engine;

import io.sendense.domain.SendenseException;
import io.sendense.engine.state.JobRecord;
import java.util.Optional;
import java.util.function.Function;

/**
 * A proof of recovery as a job: its lock, so that a point is not proved twice at once, its record
 * and how far it is. It asks no licence. What is proved and how is the caller's.
 */
public final class ProveJob {
  private ProveJob() {}

  /** Told by the work as it gets on. */
  @FunctionalInterface
  public interface Steps {
    /**
     * So many of so many checks are made.
     *
     * @param note on the last of them
     */
    void made(int done, int of, String note);
  }

  /**
   * What came of it.
   *
   * @param failure why the point is not proved; empty where it is
   */
  public record Result<T>(T value, Optional<SendenseException> failure) {}

  /**
   * Runs a proof on the calling thread. A point that is not proved is a job that failed, and a
   * result all the same.
   *
   * @param vm the machine's name
   * @param point its id
   * @param location of the repository
   * @throws SendenseException what the work threw; CONFLICT where this point is being proved
   */
  public static <T> T run(
      JobContext context,
      String vm,
      String point,
      String location,
      Function<Steps, Result<T>> work) {
    return JobRun.run(
        context,
        JobRecord.Kind.PROVE,
        "proof of point " + point,
        vm,
        location,
        run -> {
          run.enter(Phase.PROVE);
          Result<T> result =
              work.apply(
                  (done, of, note) -> {
                    context.control().check();
                    run.step(Phase.PROVE, done, of, note);
                  });
          result
              .failure()
              .ifPresentOrElse(
                  run::fail,
                  () ->
                      run.succeed(
                          Optional.of(point),
                          Optional.empty(),
                          Optional.empty(),
                          JobRecord.Bytes.NONE));
          return result.value();
        });
  }
}
