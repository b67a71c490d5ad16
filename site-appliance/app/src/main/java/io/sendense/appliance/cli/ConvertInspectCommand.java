package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.recovery.convert.Inspector;
import io.sendense.recovery.convert.Report;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what stands in a guest's way to another platform. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = {
      "Looks at the guest in a point and says what keeps it from starting on a platform, and what",
      "apply would change. Writes nothing. Ends with 2 where there is a blocker."
    })
final class ConvertInspectCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin PointOption point = new PointOption();
  @Mixin ConvertOption convert = new ConvertOption();

  @Option(
      names = "--repository",
      required = true,
      paramLabel = "R",
      description = "Its directory or URL.")
  String repository = "";

  ConvertInspectCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    GuestOption guest = new GuestOption();
    guest.repository = repository;
    guest.point = point;
    try (OpenGuest open = OpenGuest.open(surroundings, common, guest)) {
      Report report =
          Inspector.inspect(
              open.disks(),
              convert.target(),
              convert.cards,
              convert.driverFolder(),
              surroundings.clock().instant());
      if (common.json) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("point", open.point().id().toString());
        document.putAll(ConvertText.document(report));
        surroundings.out().println(Json.text(document));
      } else {
        ConvertText.print(surroundings, report, false);
      }
      return report.ready() ? 0 : ErrorCode.CONFLICT.exitCode();
    }
  }
}
