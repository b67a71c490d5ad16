package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.PointStore;
import io.sendense.repository.format.RestorePoint;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Names a restore point by id, or as the newest of a machine. */
final class PointOption {
  private static final String LATEST = "latest";

  @Option(
      names = "--point",
      required = true,
      paramLabel = "ID",
      description = "Id of the point as listed, or \"latest\" together with --vm.")
  String point = "";

  @Option(names = "--vm", paramLabel = "NAME", description = "Machine whose latest point is meant.")
  @Nullable String vm;

  /**
   * @throws SendenseException NOT_FOUND, BAD_ARGUMENT
   */
  RestorePoint find(PointStore repository) {
    if (!point.equals(LATEST)) {
      return repository.point(PointId.parse(point));
    }
    String name = vm;
    if (name == null) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT, "--point latest does not say of which machine", "Add --vm NAME.");
    }
    return repository
        .latest(name)
        .orElseThrow(
            () ->
                new SendenseException(
                    ErrorCode.NOT_FOUND,
                    "no point of machine " + name + " is in this repository",
                    "List what is there with: points --repository R"));
  }
}
