package io.sendense.appliance.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes disks of a point as images for other programs. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Writes disks of a point as images for other programs. Like restore, but the format is said:",
      "qcow2, vmdk (streamOptimized), vhdx (dynamic), vhd (fixed) or raw."
    })
final class ExportCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin DiskFiles files = new DiskFiles();

  @Option(names = "--format", required = true, paramLabel = "qcow2|vmdk|vhdx|vhd|raw")
  String format = "";

  ExportCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    return files.write(surroundings, common, format);
  }
}
