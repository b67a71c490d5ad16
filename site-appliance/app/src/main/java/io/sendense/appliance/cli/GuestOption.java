package io.sendense.appliance.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Names a file system in a point. */
final class GuestOption {
  @Mixin PointOption point = new PointOption();

  @Option(
      names = "--repository",
      required = true,
      paramLabel = "R",
      description = "Its directory or URL.")
  String repository = "";

  @Option(
      names = "--disk",
      paramLabel = "N",
      description = "Number or name of one disk; without it all disks are looked at.")
  @Nullable String disk;

  @Option(
      names = "--volume",
      paramLabel = "NAME",
      description =
          "Partition or logical volume, as ls without --path lists them; needed where several hold"
              + " a file system that can be read.")
  @Nullable String volume;
}
