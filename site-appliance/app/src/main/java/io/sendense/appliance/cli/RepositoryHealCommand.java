package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.engine.HealJob;
import io.sendense.repository.format.HealReport;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.Repository;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Mends a repository, from a copy where there is one. */
@Command(
    name = "heal",
    mixinStandardHelpOptions = true,
    description = {
      "Stores again what points need of packs that a verification found missing or damaged: what can",
      "still be read where it is, the rest from a copy. Nothing sealed is changed. What no copy holds",
      "is stored again by the next backup that finds it at the source."
    })
final class RepositoryHealCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin SecondKeyOption second = new SecondKeyOption();

  @Parameters(paramLabel = "R", description = "Directory or URL of the repository.")
  String repository = "";

  @Option(
      names = "--from",
      paramLabel = "R2",
      description = "Another repository of the tenant that holds copies of the points.")
  @Nullable String from;

  RepositoryHealCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (Job job = Job.open(surroundings, common);
        OpenRepository open = OpenRepository.open(surroundings, common, repository)) {
      String other = from;
      HealJob.Result result;
      if (other == null) {
        result = heal(job, open, Optional.empty());
      } else {
        try (OpenRepository copy = second.open(surroundings, common, other)) {
          result = heal(job, open, Optional.of(copy.repository()));
        }
      }
      job.endProgress();
      show(result);
      return result.report().lost().isEmpty() ? 0 : ErrorCode.STORE_DAMAGED.exitCode();
    }
  }

  private static HealJob.Result heal(Job job, OpenRepository open, Optional<Repository> copy) {
    return new HealJob(job.context()).run(open.repository(), copy, open.location());
  }

  private void show(HealJob.Result result) {
    HealReport report = result.report();
    if (common.json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("job", result.job());
      document.put("packsIndexed", result.packsIndexed());
      document.put("packsDamaged", report.packsDamaged());
      document.put("chunksStored", report.chunks());
      document.put("nodesStored", report.nodes());
      document.put("fromCopy", report.fromCopy());
      document.put("points", report.points().stream().map(PointId::toString).toList());
      document.put("bytesStored", report.bytesStored());
      document.put("durationSeconds", result.duration().toMillis() / 1000.0);
      document.put("lost", report.lost().stream().map(Findings::document).toList());
      surroundings.out().println(Json.text(document));
      return;
    }
    report.lost().forEach(finding -> surroundings.out().println("lost: " + Findings.line(finding)));
    surroundings
        .out()
        .println(
            (report.lost().isEmpty() ? "healed: " : report.lost().size() + " lost: ")
                + report.packsDamaged()
                + " damaged packs known, "
                + report.chunks()
                + " chunks and "
                + report.nodes()
                + " tree nodes stored again ("
                + report.fromCopy()
                + " from the copy), "
                + report.points().size()
                + " points brought, "
                + Units.bytes(report.bytesStored())
                + " written and read back, "
                + result.packsIndexed()
                + " packs indexed, in "
                + Units.duration(result.duration()));
  }
}
