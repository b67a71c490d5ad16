package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.VerifyJob;
import io.sendense.repository.format.VerifyOptions;
import io.sendense.repository.format.VerifyReport;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
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
  private static final Pattern PART = Pattern.compile("(next|[0-9]{1,4})/([0-9]{1,4})");

  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "R", description = "Directory or URL of the repository.")
  String repository = "";

  @Option(
      names = "--structure",
      description = "Check points, trees and the presence of packs, but read no data.")
  boolean structure;

  @Option(
      names = "--part",
      paramLabel = "K/N",
      description =
          "Read the data of one of N parts only; \"next/N\" means the part after the one that was"
              + " finished last. Points, trees and the presence of packs are checked in full.")
  @Nullable String part;

  RepositoryVerifyCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (Opening<OpenPoints> opening = Opening.points(surroundings, common, repository);
        Job job = Job.open(surroundings, common);
        OpenPoints open = opening.take()) {
      VerifyJob.Result result = run(new VerifyJob(job.context()), open);
      job.endProgress();
      show(result);
      return result.report().whole() ? 0 : ErrorCode.STORE_DAMAGED.exitCode();
    }
  }

  private VerifyJob.Result run(VerifyJob job, OpenPoints open) {
    String wanted = part;
    if (wanted == null) {
      VerifyOptions options = structure ? VerifyOptions.structure() : VerifyOptions.everything();
      return job.run(open.repository(), options, open.location());
    }
    Matcher parts = PART.matcher(wanted);
    if (structure || !parts.matches()) {
      throw badPart(wanted);
    }
    int of = Integer.parseInt(parts.group(2));
    int number = parts.group(1).equals("next") ? 0 : Integer.parseInt(parts.group(1));
    if (of < 1 || number > of || parts.group(1).equals("0")) {
      throw badPart(wanted);
    }
    return job.runPart(open.repository(), number, of, open.location());
  }

  private static SendenseException badPart(String given) {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        "--part " + given + " is not a part of the repository's data",
        "Give K/N with K from 1 to N, up to 9999, or next/N; and no --structure with it.");
  }

  private void show(VerifyJob.Result result) {
    VerifyReport report = result.report();
    if (common.json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("job", result.job());
      document.put("whole", report.whole());
      document.put("part", result.part());
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
            (report.whole() ? "whole" : report.findings().size() + " findings")
                + (result.part().isEmpty() ? ": " : ", data of " + result.part() + ": ")
                + report.points()
                + " points, "
                + report.objects()
                + " objects, "
                + Units.bytes(report.bytesRead())
                + " read in "
                + Units.duration(result.duration()));
  }
}
