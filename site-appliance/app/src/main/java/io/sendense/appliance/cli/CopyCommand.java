package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.Bandwidth;
import io.sendense.engine.CopyJob;
import io.sendense.repository.decorators.Throttle;
import io.sendense.repository.format.PointCopy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Copies points to another repository of the tenant. */
@Command(
    name = "copy",
    mixinStandardHelpOptions = true,
    description = {
      "Copies points to another repository of the same tenant. Only what is missing there is moved,",
      "and it is read back before a point appears. A copy that was cut off goes on where it was."
    })
final class CopyCommand implements Callable<Integer> {
  private static final double MEGABYTE = 1e6;

  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin PointsOption points = new PointsOption();
  @Mixin SecondKeyOption second = new SecondKeyOption();

  @Option(names = "--from", required = true, paramLabel = "R", description = "The source.")
  String from = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "R2",
      description = "The target, made with: repository init R2 --tenant-of R")
  String to = "";

  @Option(
      names = "--bandwidth",
      paramLabel = "MB/s",
      description = "Move no more than so many megabytes a second, 0.1 or more.")
  double bandwidth;

  CopyCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (bandwidth != 0 && !(bandwidth >= 0.1 && bandwidth <= 1e6)) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "--bandwidth " + bandwidth + " is not a rate in megabytes a second",
          "Give 0.1 to 1000000, or leave it out.");
    }
    boolean beside = common.key.token == null && second.token == null;
    try (Opening<OpenRepository> near =
            Opening.repository(beside, () -> OpenRepository.open(surroundings, common, from));
        Opening<OpenRepository> far =
            Opening.repository(beside, () -> second.open(surroundings, common, to));
        Job job = Job.open(surroundings, common);
        OpenRepository source = near.take();
        OpenRepository target = far.take()) {
      CopyJob.Report report =
          new CopyJob(job.context(), limit())
              .run(
                  source.repository(),
                  target.repository(),
                  points.find(source.repository()),
                  source.location(),
                  target.location());
      job.endProgress();
      if (common.json) {
        surroundings.out().println(Json.text(document(report)));
      } else {
        print(report);
      }
      return 0;
    }
  }

  private Bandwidth limit() {
    if (bandwidth == 0) {
      return Bandwidth.UNLIMITED;
    }
    Throttle throttle = new Throttle((long) (bandwidth * MEGABYTE));
    return (bytes, control) -> throttle.take(bytes, control::check);
  }

  private static Map<String, Object> document(CopyJob.Report report) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("job", report.job());
    document.put("bytesMissing", report.bytesMissing());
    document.put("bytesStored", report.bytesStored());
    document.put("durationSeconds", report.duration().toMillis() / 1000.0);
    List<Object> points = new ArrayList<>();
    for (PointCopy.Result result : report.points()) {
      Map<String, Object> inner = new LinkedHashMap<>();
      inner.put("id", result.point().id().toString());
      inner.put("vm", result.point().vm());
      inner.put("sequence", result.point().sequence());
      inner.put("alreadyThere", result.alreadyThere());
      inner.put("chunksMissing", result.chunksMissing());
      inner.put("bytesMissing", result.bytesMissing());
      inner.put("bytesStored", result.bytesStored());
      points.add(inner);
    }
    document.put("points", points);
    return document;
  }

  private void print(CopyJob.Report report) {
    for (PointCopy.Result result : report.points()) {
      surroundings
          .out()
          .println(
              result.point().id()
                  + "  "
                  + result.point().vm()
                  + (result.alreadyThere()
                      ? "  was there"
                      : "  "
                          + Units.bytes(result.bytesMissing())
                          + " missing, "
                          + Units.bytes(result.bytesStored())
                          + " written"));
    }
    surroundings
        .out()
        .println(
            report.points().size()
                + (report.points().size() == 1 ? " point, " : " points, ")
                + Units.bytes(report.bytesMissing())
                + " missing, "
                + Units.bytes(report.bytesStored())
                + " written and read back, in "
                + Units.duration(report.duration()));
  }
}
