package io.sendense.appliance.cli;

import io.sendense.repository.format.RestorePoint;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Deletes a restore point. It is listed no more; until it is collected it can be restored by its
 * id.
 */
@Command(
    name = "delete",
    mixinStandardHelpOptions = true,
    description =
        "Deletes a restore point. It is listed no more; until it is collected it can be restored by its id.")
final class PointsDeleteCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  @Mixin PointOption which = new PointOption();

  @Option(
      names = "--repository",
      required = true,
      paramLabel = "R",
      description = "Its directory or URL.")
  String repository = "";

  @Option(names = "--why", paramLabel = "TEXT", description = "A reason, kept with the point.")
  String why = "";

  PointsDeleteCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (OpenRepository open = OpenRepository.open(surroundings, common, repository)) {
      RestorePoint point = which.find(open.repository());
      open.repository().deletePoint(point.id(), why);
      if (common.json) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("point", point.id().toString());
        document.put("done", "deleted");
        surroundings.out().println(Json.text(document));
      } else {
        surroundings.out().println("deleted point " + point.id());
      }
      return 0;
    }
  }
}
