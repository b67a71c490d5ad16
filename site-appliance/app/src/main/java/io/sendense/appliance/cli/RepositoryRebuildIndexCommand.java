package io.sendense.appliance.cli;

import io.sendense.engine.JobControl;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Makes indexes again from the packs alone. */
@Command(
    name = "rebuild-index",
    mixinStandardHelpOptions = true,
    description =
        "Makes indexes again for packs that no readable index names, from the packs alone.")
final class RepositoryRebuildIndexCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "R", description = "Directory or URL of the repository.")
  String repository = "";

  RepositoryRebuildIndexCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    JobControl control = new JobControl(Job.LIMIT);
    try (Interrupts _ = Interrupts.onSignal(control::cancel);
        OpenRepository open = OpenRepository.open(surroundings, common, repository)) {
      int packs = open.repository().rebuildIndexes(control::check);
      if (common.json) {
        surroundings.out().println(Json.text(Map.of("packsIndexed", packs)));
      } else {
        surroundings.out().println(packs + (packs == 1 ? " pack" : " packs") + " indexed");
      }
      return 0;
    }
  }
}
