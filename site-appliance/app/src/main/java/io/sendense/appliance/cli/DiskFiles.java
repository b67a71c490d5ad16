package io.sendense.appliance.cli;

import io.sendense.connectors.disk.DiskTarget;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.JobSettings;
import io.sendense.engine.RestoreJob;
import io.sendense.engine.RestoreReport;
import io.sendense.repository.format.RestorePoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What restore and export share: disks of a point as new files, and what is said of them. */
final class DiskFiles {
  /**
   * Writes and reads of the medium at once, which a restore waits for most of the time. Each needs
   * 4 MiB: what a process that has no other job can spare.
   */
  private static final int TRANSFERS = 8;

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
      description =
          "Number or name of a disk, once for each that is wanted; without it all are written.")
  List<String> wanted = new ArrayList<>();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "PATH",
      description =
          "The new file for one disk; for several a folder, where each is called by its name.")
  Path to = Path.of("");

  @Option(
      names = "--roll-back",
      description =
          "Remove what an interrupted restore of this point to this place left, instead of going on"
              + " with it.")
  boolean rollBack;

  @Option(names = "--compress", description = "Compress the clusters of a qcow2 file, by zstd.")
  boolean compress;

  Integer write(Surroundings surroundings, CommonOptions common, String formatName) {
    DiskTarget.Format format = format(formatName);
    try (Opening<OpenPoints> opening = Opening.points(surroundings, common, repository);
        Job job =
            Job.open(surroundings, common, JobSettings.defaults().withThreadsAtLeast(TRANSFERS));
        OpenPoints open = opening.take()) {
      RestorePoint found = point.find(open.repository());
      List<Integer> disks = chosen(found);
      Map<String, Path> places = places(found, disks, format);
      DiskTarget target =
          new DiskTarget(
              name -> places.getOrDefault(name, to),
              format,
              compress,
              job.state().ownerRecords(),
              surroundings.random(),
              surroundings.clock());
      if (rollBack) {
        new RestoreJob(job.context()).rollBack(found, disks, target, place());
        surroundings
            .out()
            .println(common.json ? "{}" : "nothing of an interrupted restore is left");
        return 0;
      }
      RestoreReport report =
          new RestoreJob(job.context())
              .run(open.repository(), found.id(), disks, target, place(), open.location());
      job.endProgress();
      if (common.json) {
        surroundings.out().println(Json.text(document(report, places, format)));
      } else {
        print(surroundings, report, places);
      }
      return 0;
    }
  }

  private String place() {
    return to.toAbsolutePath().normalize().toString();
  }

  private DiskTarget.Format format(String name) {
    String all =
        Arrays.stream(DiskTarget.Format.values())
            .map(DiskTarget.Format::label)
            .collect(Collectors.joining(", "));
    DiskTarget.Format found =
        Arrays.stream(DiskTarget.Format.values())
            .filter(format -> format.label().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new SendenseException(
                        ErrorCode.BAD_ARGUMENT,
                        "\"" + name + "\" is not a format that can be written",
                        "Use --format with one of " + all + "."));
    if (compress && found != DiskTarget.Format.QCOW2) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "--compress is not for " + name + " files",
          "Use --format qcow2, or leave --compress out; vmdk files are always compressed.");
    }
    return found;
  }

  private List<Integer> chosen(RestorePoint point) {
    return wanted.isEmpty()
        ? IntStream.range(0, point.disks().size()).boxed().toList()
        : wanted.stream().map(one -> Disks.index(point, one)).distinct().toList();
  }

  private Map<String, Path> places(
      RestorePoint point, List<Integer> disks, DiskTarget.Format wanted) {
    boolean folder = Files.isDirectory(to);
    if (disks.size() > 1 && !folder) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          disks.size() + " disks are restored and " + to + " is not a folder",
          "Name a folder that is there, or a disk with --disk.");
    }
    Map<String, Path> places = new LinkedHashMap<>();
    for (int index : disks) {
      String name = point.disks().get(index).name();
      String file = name + "." + wanted.ending();
      places.put(name, folder ? to.resolve(Disks.fileName(file)) : to);
    }
    return places;
  }

  private static Map<String, Object> document(
      RestoreReport report, Map<String, Path> places, DiskTarget.Format format) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("job", report.job());
    document.put("point", report.point().id().toString());
    document.put("vm", report.point().vm());
    document.put("format", format.label());
    document.put("bytesWritten", report.bytesWritten());
    document.put("bytesProved", report.bytesProved());
    document.put("disksKept", report.disksKept());
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

  private static void print(
      Surroundings surroundings, RestoreReport report, Map<String, Path> places) {
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
