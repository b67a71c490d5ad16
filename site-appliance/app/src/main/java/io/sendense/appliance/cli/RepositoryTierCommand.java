package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.TierJob;
import io.sendense.repository.format.TierPolicy;
import io.sendense.repository.format.TierReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moves old points' data to cheaper tiers. */
@Command(
    name = "tier",
    mixinStandardHelpOptions = true,
    description = {
      "Moves the data of old points to cheaper tiers of the store, whole packs, each only when every",
      "point that needs it is old enough. The newest point of a machine is never archived; trees,",
      "indexes and points stay where they are read at once."
    })
final class RepositoryTierCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "R", description = "Directory or URL of the repository.")
  String repository = "";

  @Option(names = "--cool-after", paramLabel = "30d", description = "Age of a point's cool data.")
  @Nullable String coolAfter;

  @Option(
      names = "--archive-after",
      paramLabel = "180d",
      description = "Age of a point's archived data, which must be brought back to be restored.")
  @Nullable String archiveAfter;

  @Option(names = "--dry-run", description = "Say what would be moved, and move nothing.")
  boolean dryRun;

  RepositoryTierCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    TierPolicy policy = policy();
    try (Job job = Job.open(surroundings, common);
        OpenRepository open = OpenRepository.open(surroundings, common, repository)) {
      TierReport report =
          new TierJob(job.context()).run(open.repository(), policy, dryRun, open.location());
      job.endProgress();
      if (common.json) {
        surroundings.out().println(Json.text(document(report)));
      } else {
        print(report);
      }
      return 0;
    }
  }

  private TierPolicy policy() {
    Optional<Duration> cool = Spans.parse("--cool-after", coolAfter);
    Optional<Duration> archive = Spans.parse("--archive-after", archiveAfter);
    boolean turned =
        cool.isPresent() && archive.isPresent() && archive.get().compareTo(cool.get()) < 0;
    if ((cool.isEmpty() && archive.isEmpty()) || turned) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          turned ? "data would be archived before it is cool" : "it was not said when data moves",
          "Give --cool-after, --archive-after or both, the second not shorter than the first.");
    }
    return new TierPolicy(cool, archive);
  }

  private Map<String, Object> document(TierReport report) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("dryRun", dryRun);
    document.put("cooled", packs(report.cooled()));
    document.put("archived", packs(report.archived()));
    document.put("recalled", packs(report.recalled()));
    document.put("kept", packs(report.kept()));
    List<Object> points = new ArrayList<>();
    for (TierReport.PointTier each : report.points()) {
      Map<String, Object> inner = new LinkedHashMap<>();
      inner.put("id", each.point().id().toString());
      inner.put("vm", each.point().vm());
      inner.put("tier", each.tier().name().toLowerCase(Locale.ROOT));
      points.add(inner);
    }
    document.put("points", points);
    return document;
  }

  private static Map<String, Object> packs(TierReport.Packs packs) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("packs", packs.count());
    document.put("bytes", packs.bytes());
    return document;
  }

  private void print(TierReport report) {
    for (TierReport.PointTier each : report.points()) {
      surroundings
          .out()
          .println(
              String.format(
                  Locale.ROOT,
                  "%-7s  %s",
                  each.tier().name().toLowerCase(Locale.ROOT),
                  PointText.line(each.point())));
    }
    surroundings
        .out()
        .println(
            (dryRun ? "would move: " : "moved: ")
                + line(report.cooled(), "cooled")
                + ", "
                + line(report.archived(), "archived")
                + ", "
                + line(report.recalled(), "asked back")
                + "; "
                + line(report.kept(), "kept because they hold trees"));
  }

  private static String line(TierReport.Packs packs, String what) {
    return packs.count() + " packs (" + Units.bytes(packs.bytes()) + ") " + what;
  }
}
