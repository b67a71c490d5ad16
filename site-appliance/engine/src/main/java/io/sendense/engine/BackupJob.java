package io.sendense.engine;

import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Blocker;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.MachineText;
import io.sendense.connectors.spi.Readiness;
import io.sendense.connectors.spi.SourceConnector;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.state.JobRecord;
import io.sendense.engine.state.StateStore;
import io.sendense.repository.format.Consistency;
import io.sendense.repository.format.PointDisk;
import io.sendense.repository.format.PointDraft;
import io.sendense.repository.format.PointStore;
import io.sendense.repository.format.PointWriter;
import io.sendense.repository.format.RestorePoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One backup of one virtual machine: prepare, capture, read, sample, seal, publish, commit.
 *
 * <p>It falls back by itself to a full compare where no tracker can be believed, and to a new full
 * point where the point before is damaged. The source's baseline moves only after the point is
 * sealed. Whenever it ends, nothing of it stays behind on the source, and what its predecessor left
 * there after a crash is removed first. Runs on the calling thread and workers of its own; one
 * backup of a machine at a time.
 */
public final class BackupJob {
  /** Annotation of a point that holds the connector's baseline token. */
  public static final String BASELINE = "baseline";

  /** Annotation of a point that describes its machine, for {@link MachineText#read}. */
  public static final String MACHINE = "machine";

  /** Annotation of a point: how long the guest's file systems stood still for it at most. */
  public static final String STOOD_STILL_MILLIS = "stoodStillMillis";

  private final JobContext context;
  private final LicenceGate licence;
  private final List<String> warnings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  public BackupJob(JobContext context, LicenceGate licence) {
    this.context = context;
    this.licence = licence;
  }

  /**
   * Runs the job to its end.
   *
   * @param vm name of the machine, 1 to 200 characters
   * @param location of the repository, for the job's record
   * @throws SendenseException CONFLICT where a backup of the machine is running, whatever the
   *     licence, source or store say, CANCELLED, DEADLINE_EXCEEDED; no point was made then, earlier
   *     ones are untouched and the source still tracks everything since its old baseline
   */
  public BackupReport run(
      String vm, SourceConnector source, PointStore repository, String location) {
    return JobRun.run(
        context,
        JobRecord.Kind.BACKUP,
        "backup " + vm,
        vm,
        location,
        run -> backUp(run, vm, source, repository, location));
  }

  private BackupReport backUp(
      JobRun run, String vm, SourceConnector source, PointStore repository, String location) {
    source.reap();
    List<RestorePoint> points = repository.points();
    licence.checkNewPoint(vm, protectedVms(points));
    Optional<RestorePoint> before =
        points.stream().filter(point -> point.vm().equals(vm)).reduce((_, newer) -> newer);
    Optional<Baseline> baseline =
        before
            .map(point -> point.annotations().getOrDefault(BASELINE, ""))
            .filter(token -> !token.isBlank())
            .map(Baseline::new);
    return context
        .settings()
        .scripts()
        .around(
            vm,
            run.id(),
            this::warn,
            () -> capture(run, vm, source, repository, location, before, baseline));
  }

  private BackupReport capture(
      JobRun run,
      String vm,
      SourceConnector source,
      PointStore repository,
      String location,
      Optional<RestorePoint> before,
      Optional<Baseline> baseline) {
    requireReady(source.prepare());
    run.enter(Phase.CAPTURE);
    Capture capture = source.capture(baseline);
    capture.notes().forEach(this::note);
    BackupReport report;
    try {
      report = storeOrStartAnew(run, vm, capture, before, repository);
      context.state().notePoint(location, vm, report.point().createdAt());
      commit(run, capture);
    } catch (RuntimeException | Error e) {
      closeAfter(capture, e);
      throw e;
    }
    close(capture);
    return succeed(run, report);
  }

  private void requireReady(Readiness readiness) {
    switch (readiness) {
      case Readiness.Ready ready -> ready.notes().forEach(this::note);
      case Readiness.Blocked blocked -> {
        Blocker first = blocked.blockers().getFirst();
        throw new SendenseException(
            ErrorCode.SOURCE_SNAPSHOT_FAILED,
            String.join("; ", blocked.blockers().stream().map(Blocker::what).toList()),
            first.remedy());
      }
    }
  }

  /** Where the point before turns out to be damaged, nothing of it is used: a new full begins. */
  private BackupReport storeOrStartAnew(
      JobRun run,
      String vm,
      Capture capture,
      Optional<RestorePoint> before,
      PointStore repository) {
    warnAboutDisks(before, capture.disks());
    try {
      return store(run, vm, capture, new Predecessor(before, Optional.empty()), repository);
    } catch (SendenseException e) {
      boolean damaged =
          e.code() == ErrorCode.STORE_DAMAGED || e.code() == ErrorCode.STORE_OBJECT_MISSING;
      if (before.isEmpty() || !damaged) {
        throw e;
      }
      String why =
          "point "
              + before.get().id()
              + " cannot be built upon, so a new full one was made: "
              + e.getMessage();
      warn(why);
      return store(run, vm, capture, new Predecessor(before, Optional.of(why)), repository);
    }
  }

  private BackupReport store(
      JobRun run, String vm, Capture capture, Predecessor before, PointStore repository) {
    run.enter(Phase.READ);
    PointDraft draft =
        new PointDraft(
            vm,
            capture.takenAt(),
            consistency(capture.consistency()),
            before.point().map(RestorePoint::id),
            capture.disks().stream()
                .map(disk -> new PointDraft.Disk(disk.name(), disk.reader().sizeBytes()))
                .toList(),
            before.unusable().isEmpty());
    try (PointWriter writer = repository.beginPoint(draft)) {
      List<BackupReport.Disk> disks = move(run, capture.disks(), before, writer);
      capture.disks().forEach(disk -> disk.reader().verifyUnchanged());
      return seal(run, capture, before, disks, writer);
    }
  }

  private List<BackupReport.Disk> move(
      JobRun run, List<CapturedDisk> disks, Predecessor before, PointWriter writer) {
    List<DiskPlan> plans = new ArrayList<>();
    for (int i = 0; i < disks.size(); i++) {
      CapturedDisk disk = disks.get(i);
      Optional<PointDisk> earlier =
          before.inherited().flatMap(point -> point.diskNamed(disk.name()).map(point.disks()::get));
      DiskPlan plan =
          DiskPlan.of(i, disk, earlier, writer.chunkBytes(i))
              .restoring(writer.lost(i), writer.chunkBytes(i));
      plan = before.unusable().map(plan::because).orElse(plan);
      plan.warning().ifPresent(this::warn);
      plans.add(plan);
    }
    ProgressMeter meter =
        new ProgressMeter(
            context.listener(),
            Phase.READ,
            plans.stream().mapToLong(plan -> plan.chunks().bytes()).sum());
    List<DiskBackup> moved = new ArrayList<>();
    for (DiskPlan plan : plans) {
      DiskBackup disk = new DiskBackup(context, writer);
      disk.store(plan, meter);
      moved.add(disk);
    }
    meter.finish();
    if (plans.stream().anyMatch(DiskPlan::tracked)) {
      run.enter(Phase.SAMPLE);
    }
    return plans.stream().map(plan -> sample(run, plan, moved.get(plan.index()))).toList();
  }

  private BackupReport.Disk sample(JobRun run, DiskPlan stored, DiskBackup disk) {
    DiskPlan plan = stored;
    int sampled = 0;
    if (plan.tracked()) {
      ChunkSet sample =
          plan.chunks().complement().sample(context.settings().sampleChunks(), context.random());
      sampled = sample.size();
      Optional<DiskPlan> distrusting = disk.sample(plan, sample).map(plan::distrusting);
      if (distrusting.isPresent()) {
        plan = distrusting.get();
        plan.warning().ifPresent(this::warn);
        plan.warning().ifPresent(run::alarm);
        ProgressMeter meter =
            new ProgressMeter(context.listener(), Phase.SAMPLE, plan.chunks().bytes());
        disk.store(plan, meter);
        meter.finish();
      }
    }
    return new BackupReport.Disk(
        plan.disk().name(),
        plan.disk().reader().sizeBytes(),
        plan.mode(),
        plan.reason(),
        plan.bytesReported(),
        disk.bytesRead(),
        disk.bytesChanged(),
        sampled);
  }

  private BackupReport seal(
      JobRun run,
      Capture capture,
      Predecessor before,
      List<BackupReport.Disk> disks,
      PointWriter writer) {
    context.control().check();
    run.enter(Phase.SEAL);
    boolean inherits = before.inherited().isPresent();
    BackupMode mode = inherits ? BackupMode.INCREMENTAL : BackupMode.FULL;
    String reason = inherits ? disks.getFirst().reason() : before.reasonForFull();
    for (BackupReport.Disk disk : disks) {
      if (disk.mode() == BackupMode.COMPARE && mode != BackupMode.COMPARE) {
        mode = BackupMode.COMPARE;
        reason = disk.reason();
      }
    }
    long read = disks.stream().mapToLong(BackupReport.Disk::bytesRead).sum();
    long changed = disks.stream().mapToLong(BackupReport.Disk::bytesChanged).sum();
    Map<String, String> annotations = new HashMap<>();
    annotations.put(BASELINE, capture.baseline().token());
    capture.machine().flatMap(MachineText::write).ifPresent(it -> annotations.put(MACHINE, it));
    capture
        .stoodStill()
        .ifPresent(it -> annotations.put(STOOD_STILL_MILLIS, Long.toString(it.toMillis())));
    annotations.put("job", run.id());
    annotations.put("mode", mode.label());
    annotations.put("reason", shortened(reason));
    annotations.put("bytesRead", Long.toString(read));
    annotations.put("bytesChanged", Long.toString(changed));
    if (!warnings.isEmpty()) {
      annotations.put("warnings", shortened(String.join("\n", warnings)));
    }
    if (!notes.isEmpty()) {
      annotations.put("notes", shortened(String.join("\n", notes)));
    }
    RestorePoint point = writer.seal(annotations, () -> run.enter(Phase.PUBLISH));
    return new BackupReport(
        run.id(),
        point,
        mode,
        reason,
        new JobRecord.Bytes(read, changed, point.statistics().bytesStored()),
        run.elapsed(),
        disks,
        warnings,
        notes);
  }

  /** The point stands whatever the source answers; without its baseline the next run compares. */
  private void commit(JobRun run, Capture capture) {
    run.enterToTheEnd(Phase.COMMIT);
    try {
      capture.commit();
    } catch (SendenseException e) {
      warn(
          "the point is stored, but the source did not take it as its baseline, so the next backup"
              + " compares in full: "
              + e.getMessage());
    }
  }

  /** What could not be removed is still in the owner records, and the next run removes it. */
  private void close(Capture capture) {
    try {
      capture.close();
    } catch (SendenseException e) {
      warn("the point is stored, but cleaning up on the source has to wait: " + e.getMessage());
    }
  }

  private static void closeAfter(Capture capture, Throwable failure) {
    try {
      capture.close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private BackupReport succeed(JobRun run, BackupReport report) {
    run.succeed(
        Optional.of(report.point().id().toString()),
        Optional.of(report.mode().label()),
        Optional.of(report.reason()),
        report.bytes());
    return new BackupReport(
        report.job(),
        report.point(),
        report.mode(),
        report.reason(),
        report.bytes(),
        run.elapsed(),
        report.disks(),
        warnings,
        notes);
  }

  private void warnAboutDisks(Optional<RestorePoint> before, List<CapturedDisk> disks) {
    if (before.isEmpty()) {
      return;
    }
    Set<String> now = new HashSet<>();
    disks.forEach(disk -> now.add(disk.name()));
    for (PointDisk disk : before.get().disks()) {
      if (!now.remove(disk.name())) {
        warn("disk " + disk.name() + " was in the point before and is gone from the machine");
      }
    }
    new TreeSet<>(now).forEach(name -> warn("disk " + name + " is new in this machine"));
  }

  private Set<String> protectedVms(List<RestorePoint> points) {
    Set<String> vms = new HashSet<>();
    points.forEach(point -> vms.add(point.vm()));
    for (StateStore.ProtectedVm noted : context.state().protectedVms()) {
      if (Files.isDirectory(Path.of(noted.repository()))) {
        vms.add(noted.vm());
      }
    }
    return vms;
  }

  private void warn(String text) {
    warnings.add(text);
    context.listener().warned(text);
  }

  private void note(String text) {
    notes.add(text);
    context.listener().noted(text);
  }

  private static String shortened(String text) {
    return text.length() > 4000 ? text.substring(0, 4000) : text;
  }

  private static Consistency consistency(Capture.Consistency consistency) {
    return switch (consistency) {
      case CRASH -> Consistency.CRASH;
      case FILE_SYSTEM -> Consistency.FILE_SYSTEM;
      case APPLICATION -> Consistency.APPLICATION;
    };
  }
}
