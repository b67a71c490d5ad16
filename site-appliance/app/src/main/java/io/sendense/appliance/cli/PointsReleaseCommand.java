package io.sendense.appliance.cli;

import io.sendense.repository.format.RestorePoint;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Releases the legal hold on a restore point. */
@Command(
    name = "release",
    mixinStandardHelpOptions = true,
    description = "Releases the legal hold on a restore point.")
final class PointsReleaseCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  @Mixin PointOption which = new PointOption();

  @Option(
      names = "--repository",
      required = true,
      paramLabel = "R",
      description = "Its directory or URL.")
  String repository = "";

  PointsReleaseCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (OpenRepository open = OpenRepository.open(surroundings, common, repository)) {
      RestorePoint point = which.find(open.repository());
      open.repository().release(point.id());
      if (common.json) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("point", point.id().toString());
        document.put("done", "released");
        surroundings.out().println(Json.text(document));
      } else {
        surroundings.out().println("released point " + point.id());
      }
      return 0;
    }
  }
}
