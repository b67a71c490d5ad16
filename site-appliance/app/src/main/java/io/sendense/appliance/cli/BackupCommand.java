package io.sendense.appliance.cli;

import io.sendense.connectors.disk.DiskSource;
import io.sendense.connectors.disk.SourceDisk;
import io.sendense.connectors.kvm.QemuSource;
import io.sendense.connectors.kvm.QemuSourceOptions;
import io.sendense.connectors.spi.SourceConnector;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.BackupJob;
import io.sendense.engine.BackupReport;
import io.sendense.engine.CommunityLicence;
import io.sendense.engine.state.StateStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes one restore point of one machine. */
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    description = "Makes a restore point of one machine.")
final class BackupCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  @Option(
      names = "--repository",
      required = true,
      paramLabel = "R",
      description = "Its directory or URL.")
  String repository = "";

  @Option(
      names = "--vm",
      required = true,
      paramLabel = "NAME",
      description = "Name of the machine, as its points keep it.")
  String vm = "";

  @Option(
      names = "--disk",
      paramLabel = "[NAME=]URI",
      description =
          "A disk of it, once per disk: a raw file or block device, a file that ends in .qcow2, or"
              + " an NBD URI, optionally with #bitmap=NAME.")
  List<String> disks = new ArrayList<>();

  @Option(
      names = "--qmp",
      paramLabel = "SOCKET",
      description = "Instead of --disk: the QMP socket of a running QEMU; all its disks are taken.")
  @Nullable Path qmp;

  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description = "With --qmp: where QEMU keeps old blocks meanwhile; it must be able to write.")
  @Nullable Path scratch;

  BackupCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (Opening<OpenPoints> opening = Opening.points(surroundings, common, repository);
        Job job = Job.open(surroundings, common);
        OpenPoints open = opening.take()) {
      BackupReport report =
          new BackupJob(job.context(), new CommunityLicence())
              .run(vm, source(job.state(), open.location()), open.repository(), open.location());
      job.endProgress();
      if (common.json) {
        surroundings.out().println(Json.text(document(report)));
      } else {
        print(surroundings, report);
      }
      return 0;
    }
  }

  private SourceConnector source(StateStore state, String location) {
    Path socket = qmp;
    Path folder = scratch;
    if (socket != null && folder != null && disks.isEmpty()) {
      return new QemuSource(
          QemuSourceOptions.of(socket, folder, BitmapOwner.of(location, vm)),
          state.ownerRecords(),
          surroundings.clock(),
          surroundings.random());
    }
    if (socket != null || folder != null || disks.isEmpty()) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "a backup needs either --disk or both --qmp and --scratch",
          "Add --disk URI once for each disk, or --qmp SOCKET --scratch DIR for a running QEMU.");
    }
    return new DiskSource(
        vm, SourceDisk.parseAll(disks), state.ownerRecords(), surroundings.clock());
  }

  static Map<String, Object> document(BackupReport report) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("job", report.job());
    document.put("mode", report.mode().label());
    document.put("reason", report.reason());
    document.put("bytesRead", report.bytes().read());
    document.put("bytesChanged", report.bytes().changed());
    document.put("bytesStored", report.bytes().stored());
    document.put("durationSeconds", report.duration().toMillis() / 1000.0);
    document.put("bytesPerSecond", rate(report));
    Optional.ofNullable(report.point().annotations().get(BackupJob.STOOD_STILL_MILLIS))
        .ifPresent(millis -> document.put("stoodStillMillis", Long.valueOf(millis)));
    document.put("warnings", report.warnings());
    document.put("notes", report.notes());
    List<Object> disks = new ArrayList<>();
    for (BackupReport.Disk disk : report.disks()) {
      Map<String, Object> inner = new LinkedHashMap<>();
      inner.put("name", disk.name());
      inner.put("sizeBytes", disk.sizeBytes());
      inner.put("mode", disk.mode().label());
      inner.put("reason", disk.reason());
      inner.put("bytesReported", disk.bytesReported());
      inner.put("bytesRead", disk.bytesRead());
      inner.put("bytesChanged", disk.bytesChanged());
      inner.put("chunksSampled", disk.chunksSampled());
      disks.add(inner);
    }
    document.put("disks", disks);
    document.put("point", PointText.document(report.point()));
    return document;
  }

  static void print(Surroundings surroundings, BackupReport report) {
    surroundings
        .out()
        .println(
            report.mode().label()
                + " backup of "
                + report.point().vm()
                + " ("
                + report.reason()
                + ")");
    surroundings
        .out()
        .println(
            Units.bytes(report.bytes().read())
                + " read, "
                + Units.bytes(report.bytes().changed())
                + " changed, "
                + Units.bytes(report.bytes().stored())
                + " stored in "
                + Units.duration(report.duration())
                + " ("
                + Units.rate(rate(report))
                + ")");
    Optional.ofNullable(report.point().annotations().get(BackupJob.STOOD_STILL_MILLIS))
        .ifPresent(
            millis ->
                surroundings
                    .out()
                    .println("the guest's file systems stood still for at most " + millis + " ms"));
    surroundings.out().println("point " + report.point().id());
  }

  private static long rate(BackupReport report) {
    return report.bytes().read() * 1000 / Math.max(1, report.duration().toMillis());
  }
}
