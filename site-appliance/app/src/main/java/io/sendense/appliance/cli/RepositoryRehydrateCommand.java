package io.sendense.appliance.cli;

import io.sendense.engine.RehydrateJob;
import io.sendense.repository.format.Recall;
import io.sendense.repository.format.RestorePoint;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings an archived point back. */
@Command(
    name = "rehydrate",
    mixinStandardHelpOptions = true,
    description = {
      "Asks the store for the data of an archived point, which takes it hours. The point then stays",
      "readable for a week at least."
    })
final class RepositoryRehydrateCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin PointOption point = new PointOption();

  @Parameters(paramLabel = "R", description = "Directory or URL of the repository.")
  String repository = "";

  @Option(
      names = "--wait",
      paramLabel = "48h",
      description = "Wait until all of it is readable, at most so long.")
  @Nullable String wait;

  RepositoryRehydrateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Duration patience = Spans.parse("--wait", wait).orElse(Duration.ZERO);
    try (Job job = Job.open(surroundings, common);
        OpenRepository open = OpenRepository.open(surroundings, common, repository)) {
      RestorePoint found = point.find(open.repository());
      Recall recall =
          new RehydrateJob(job.context())
              .run(open.repository(), found.id(), patience, open.location());
      job.endProgress();
      show(found, recall);
      return 0;
    }
  }

  private void show(RestorePoint found, Recall recall) {
    if (common.json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("point", found.id().toString());
      document.put("readable", recall.readable());
      document.put("packs", recall.packs());
      document.put("packsUnderWay", recall.underWay());
      document.put("bytesUnderWay", recall.bytes());
      surroundings.out().println(Json.text(document));
      return;
    }
    surroundings
        .out()
        .println(
            recall.readable()
                ? "point " + found.id() + " can be restored now"
                : recall.underWay()
                    + " packs, "
                    + Units.bytes(recall.bytes())
                    + ", of point "
                    + found.id()
                    + " are on their way back");
  }
}
