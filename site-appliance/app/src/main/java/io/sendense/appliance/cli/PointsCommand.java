package io.sendense.appliance.cli;

import io.sendense.repository.format.PointCatalogue;
import io.sendense.repository.format.RestorePoint;
import io.sendense.repository.format.VerifyReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lists restore points, and what of them cannot be read. */
@Command(
    name = "points",
    mixinStandardHelpOptions = true,
    description = "Lists the restore points of a repository, oldest first.")
final class PointsCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  @Option(names = "--repository", paramLabel = "R", description = "Its directory or URL. Required.")
  @Nullable String repository;

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "--vm", paramLabel = "NAME", description = "Only points of this machine.")
  @Nullable String vm;

  PointsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    // Not required by declaration: the commands below this one have their own.
    String where = repository;
    if (where == null) {
      throw new ParameterException(spec.commandLine(), "Missing required option: '--repository=R'");
    }
    try (OpenPoints open = OpenPoints.open(surroundings, common, where)) {
      PointCatalogue catalogue = open.repository().catalogue();
      List<RestorePoint> points =
          catalogue.points().stream().filter(point -> vm == null || point.vm().equals(vm)).toList();
      for (VerifyReport.Finding damaged : catalogue.damaged()) {
        surroundings
            .err()
            .println("warning: " + damaged.object() + " cannot be read: " + damaged.detail());
      }
      if (common.json) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("points", new ArrayList<>(points.stream().map(PointText::document).toList()));
        document.put("damaged", catalogue.damaged().stream().map(Findings::document).toList());
        surroundings.out().println(Json.text(document));
      } else {
        points.forEach(point -> surroundings.out().println(PointText.line(point)));
      }
      return 0;
    }
  }
}
