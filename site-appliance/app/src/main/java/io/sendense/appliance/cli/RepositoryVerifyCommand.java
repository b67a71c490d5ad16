package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.engine.VerifyJob;
import io.sendense.repository.format.VerifyOptions;
import io.sendense.repository.format.VerifyReport;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Examines a repository. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = "Reads a repository and names everything in it that is missing or damaged.")
final class RepositoryVerifyCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "R", description = "Folder of the repository.")
  Path repository = Path.of("");

  @Option(
      names = "--structure",
      description = "Check points, trees and the presence of packs, but read no data.")
  boolean structure;

  RepositoryVerifyCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (Job job = Job.open(surroundings, common);
        OpenPoints open = OpenPoints.open(surroundings, common, repository)) {
      VerifyOptions options = structure ? VerifyOptions.structure() : VerifyOptions.everything();
      VerifyJob.Result result =
          new VerifyJob(job.context()).run(open.repository(), options, open.location());
      job.endProgress();
      show(result);
      return result.report().whole() ? 0 : ErrorCode.STORE_DAMAGED.exitCode();
    }
  }

  private void show(VerifyJob.Result result) {
    VerifyReport report = result.report();
    if (common.json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("job", result.job());
      document.put("whole", report.whole());
      document.put("points", report.points());
      document.put("objects", report.objects());
      document.put("bytesRead", report.bytesRead());
      document.put("durationSeconds", result.duration().toMillis() / 1000.0);
      document.put("findings", report.findings().stream().map(Findings::document).toList());
      surroundings.out().println(Json.text(document));
      return;
    }
    report.findings().forEach(finding -> surroundings.out().println(Findings.line(finding)));
    surroundings
        .out()
        .println(
            (report.whole() ? "whole: " : report.findings().size() + " findings: ")
                + report.points()
                + " points, "
                + report.objects()
                + " objects, "
                + Units.bytes(report.bytesRead())
                + " read in "
                + Units.duration(result.duration()));
  }
}
