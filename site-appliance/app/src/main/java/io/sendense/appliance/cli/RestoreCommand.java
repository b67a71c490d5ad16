package io.sendense.appliance.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes disks of a point to new files and proves them there. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description = {
      "Writes disks of a point to new files. It succeeds only after what was written was read back",
      "and compared with the point; nothing that is there already is overwritten."
    })
final class RestoreCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin DiskFiles files = new DiskFiles();

  @Option(names = "--format", paramLabel = "raw|qcow2|vmdk|vhdx|vhd", description = "Default: raw.")
  String format = "raw";

  RestoreCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    return files.write(surroundings, common, format);
  }
}
