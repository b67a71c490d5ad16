package io.sendense.appliance.cli;

import io.sendense.repository.format.PointId;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RestorePoint;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Changes what is to become of one restore point. */
@Command(mixinStandardHelpOptions = true)
abstract class PointsChange implements Callable<Integer> {
  private final Surroundings surroundings;
  private final String done;

  @Mixin CommonOptions common = new CommonOptions();

  @Mixin PointOption which = new PointOption();

  @Option(
      names = "--repository",
      required = true,
      paramLabel = "R",
      description = "Its directory or URL.")
  String repository = "";

  /**
   * @param done what has become of it, such as {@code deleted}
   */
  private PointsChange(Surroundings surroundings, String done) {
    this.surroundings = surroundings;
    this.done = done;
  }

  abstract void change(Repository open, PointId point);

  @Override
  public Integer call() {
    try (OpenRepository open = OpenRepository.open(surroundings, common, repository)) {
      RestorePoint point = which.find(open.repository());
      change(open.repository(), point.id());
      if (common.json) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("point", point.id().toString());
        document.put("done", done);
        surroundings.out().println(Json.text(document));
      } else {
        surroundings.out().println(done + " point " + point.id());
      }
      return 0;
    }
  }

  /** Why it is done. */
  static final class Reason {
    @Option(names = "--why", paramLabel = "TEXT", description = "A reason, kept with the point.")
    String why = "";
  }

  @Command(
      name = "delete",
      description = {
        "Deletes a restore point. It is listed no more; until it is collected it can be restored by",
        "its id."
      })
  static final class Delete extends PointsChange {
    @Mixin Reason reason = new Reason();

    Delete(Surroundings surroundings) {
      super(surroundings, "deleted");
    }

    @Override
    void change(Repository open, PointId point) {
      open.deletePoint(point, reason.why);
    }
  }

  @Command(
      name = "hold",
      description =
          "Puts a legal hold on a restore point: nothing deletes it until it is released.")
  static final class Hold extends PointsChange {
    @Mixin Reason reason = new Reason();

    Hold(Surroundings surroundings) {
      super(surroundings, "held");
    }

    @Override
    void change(Repository open, PointId point) {
      open.hold(point, reason.why);
    }
  }

  @Command(name = "release", description = "Releases the legal hold on a restore point.")
  static final class Release extends PointsChange {
    Release(Surroundings surroundings) {
      super(surroundings, "released");
    }

    @Override
    void change(Repository open, PointId point) {
      open.release(point);
    }
  }
}
