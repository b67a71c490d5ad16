package io.sendense.appliance.cli;

import io.sendense.connectors.disk.DiskTarget;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.RestoreJob;
import io.sendense.engine.RestoreReport;
import io.sendense.repository.format.RestorePoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
  @Mixin PointOption point = new PointOption();

  @Option(names = "--repository", required = true, paramLabel = "R", description = "Its folder.")
  Path repository = Path.of("");

  @Option(
      names = "--disk",
      paramLabel = "N",
      description = "Number or name of one disk; without it all disks are restored.")
  @Nullable String disk;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "PATH",
      description =
          "The new file for one disk; for several a folder, where each is called by its name.")
  Path to = Path.of("");

  @Option(names = "--format", paramLabel = "raw|qcow2", description = "Default: raw.")
  String format = "raw";

  RestoreCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    DiskTarget.Format wanted = format();
    try (Job job = Job.open(surroundings, common);
        OpenRepository open = OpenRepository.open(surroundings, common, repository)) {
      RestorePoint found = point.find(open.repository());
      List<Integer> disks = disk == null ? all(found) : List.of(Disks.index(found, disk));
      Map<String, Path> places = places(found, disks, wanted);
      DiskTarget target =
          new DiskTarget(
              name -> places.getOrDefault(name, to),
              wanted,
              job.state().ownerRecords(),
              surroundings.random());
      RestoreReport report =
          new RestoreJob(job.context())
              .run(
                  open.repository(),
                  found.id(),
                  disks,
                  target,
                  to.toAbsolutePath().normalize().toString(),
                  open.location());
      job.endProgress();
      if (common.json) {
        surroundings.out().println(Json.text(document(report, places)));
      } else {
        print(report, places);
      }
      return 0;
    }
  }

  private DiskTarget.Format format() {
    return switch (format) {
      case "raw" -> DiskTarget.Format.RAW;
      case "qcow2" -> DiskTarget.Format.QCOW2;
      default ->
          throw new SendenseException(
              ErrorCode.BAD_ARGUMENT,
              "\"" + format + "\" is not a format that can be written",
              "Use --format raw or --format qcow2.");
    };
  }

  private static List<Integer> all(RestorePoint point) {
    List<Integer> disks = new ArrayList<>();
    for (int i = 0; i < point.disks().size(); i++) {
      disks.add(i);
    }
    return disks;
  }

  private Map<String, Path> places(
      RestorePoint point, List<Integer> disks, DiskTarget.Format wanted) {
    boolean folder = java.nio.file.Files.isDirectory(to);
    if (disks.size() > 1 && !folder) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "the point has " + disks.size() + " disks and " + to + " is not a folder",
          "Name a folder that is there, or one disk with --disk.");
    }
    Map<String, Path> places = new LinkedHashMap<>();
    for (int index : disks) {
      String name = point.disks().get(index).name();
      String file = name + (wanted == DiskTarget.Format.QCOW2 ? ".qcow2" : ".img");
      places.put(name, folder ? to.resolve(Disks.fileName(file)) : to);
    }
    return places;
  }

  private static Map<String, Object> document(RestoreReport report, Map<String, Path> places) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("job", report.job());
    document.put("point", report.point().id().toString());
    document.put("vm", report.point().vm());
    document.put("bytesWritten", report.bytesWritten());
    document.put("bytesProved", report.bytesProved());
    document.put("durationSeconds", report.duration().toMillis() / 1000.0);
    document.put("bytesPerSecond", rate(report));
    List<Object> disks = new ArrayList<>();
    for (RestoreReport.Disk disk : report.disks()) {
      Map<String, Object> inner = new LinkedHashMap<>();
      inner.put("index", disk.index());
      inner.put("name", disk.name());
      inner.put("sizeBytes", disk.sizeBytes());
      inner.put("root", disk.rootHash());
      inner.put("path", String.valueOf(places.get(disk.name())));
      disks.add(inner);
    }
    document.put("disks", disks);
    return document;
  }

  private void print(RestoreReport report, Map<String, Path> places) {
    for (RestoreReport.Disk disk : report.disks()) {
      surroundings
          .out()
          .println(
              String.format(
                  Locale.ROOT,
                  "disk %d %s: %s -> %s",
                  disk.index(),
                  disk.name(),
                  Units.bytes(disk.sizeBytes()),
                  places.get(disk.name())));
    }
    surroundings
        .out()
        .println(
            Units.bytes(report.bytesWritten())
                + " written, "
                + Units.bytes(report.bytesProved())
                + " proved by reading back, in "
                + Units.duration(report.duration())
                + " ("
                + Units.rate(rate(report))
                + ")");
  }

  private static long rate(RestoreReport report) {
    return report.bytesWritten() * 1000 / Math.max(1, report.duration().toMillis());
  }
}
