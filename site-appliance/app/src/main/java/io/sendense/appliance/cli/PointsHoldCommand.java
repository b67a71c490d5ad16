package io.sendense.appliance.cli;

import io.sendense.repository.format.RestorePoint;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Puts a legal hold on a restore point: nothing deletes it until it is released. */
@Command(
    name = "hold",
    mixinStandardHelpOptions = true,
    description = "Puts a legal hold on a restore point: nothing deletes it until it is released.")
final class PointsHoldCommand implements Callable<Integer> {
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

  PointsHoldCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (OpenRepository open = OpenRepository.open(surroundings, common, repository)) {
      RestorePoint point = which.find(open.repository());
      open.repository().hold(point.id(), why);
      if (common.json) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("point", point.id().toString());
        document.put("done", "held");
        surroundings.out().println(Json.text(document));
      } else {
        surroundings.out().println("held point " + point.id());
      }
      return 0;
    }
  }
}
