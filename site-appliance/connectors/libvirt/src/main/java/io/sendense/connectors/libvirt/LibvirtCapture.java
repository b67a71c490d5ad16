package io.sendense.connectors.libvirt;

import io.sendense.connectors.libvirt.LibvirtOwned.Rotation;
import io.sendense.connectors.nbd.ExplainingReader;
import io.sendense.connectors.nbd.NbdDiskReader;
import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.connectors.spi.Machine;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.nbd.NbdClientOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A point in time held open by a backup job of libvirt. */
final class LibvirtCapture implements Capture {
  private static final String CONTEXT = "qemu:dirty-bitmap:";

  private final Parts parts;
  private final BackupJobs jobs;
  private final String mark;
  private final List<CapturedDisk> disks = new ArrayList<>();
  private Optional<Rotation> rotation = Optional.empty();
  private Baseline baseline = LibvirtBaseline.of(Optional.empty(), List.of()).toBaseline();
  private Optional<SshTunnel> tunnel = Optional.empty();
  private Optional<ScratchWatch> watch = Optional.empty();
  private Instant takenAt = Instant.MIN;
  private final Freezer freezer;
  private final Optional<RbdTracking> rbd;
  private Freezer.Outcome outcome = Freezer.Outcome.crash("it was not begun");
  private boolean ended;

  /** What a capture works with; made by the source. */
  record Parts(
      LibvirtSourceOptions options,
      LibvirtOwned owned,
      Libvirt libvirt,
      Domain domain,
      DomainXml xml,
      Machine machine,
      RandomGenerator random,
      Optional<ScratchSpace> space) {}

  LibvirtCapture(Parts parts) {
    this.parts = parts;
    this.jobs = new BackupJobs(parts.owned(), parts.options().uri().isLocal());
    this.freezer = new Freezer(parts.options(), parts.owned());
    this.rbd = RbdTracking.of(parts.options(), parts.owned(), parts.random());
    this.mark = "sd-" + CheckpointNames.hex(parts.random(), 4);
  }

  /** A failure leaves half of it in place, which {@link #close} removes. */
  void begin(Optional<Baseline> since, InstantSource clock) {
    Adoption.of(parts.domain(), parts.xml(), parts.options().owner(), clock).adopt(since);
    BackupPlan plan =
        BackupPlan.of(
            parts.machine(),
            parts.xml(),
            since,
            parts.domain().checkpoints(),
            parts.domain().isPersistent(),
            parts.options().owner());
    plan.stale().forEach(name -> BackupJobs.drop(parts.domain(), name));
    NbdPlace place = place();
    parts.owned().addJob(mark);
    plan.disks().forEach(disk -> parts.owned().addScratch(scratch(disk)));
    if (place instanceof NbdPlace.Unix unix) {
      // A QEMU that ends by itself leaves its socket.
      parts.owned().addScratch(unix.socket());
    }
    watch = parts.space().map(free -> ScratchWatch.start(parts.options(), free, mark));
    rbd.ifPresent(
        it -> it.before(parts.xml(), parts.machine(), since.flatMap(LibvirtBaseline::parse)));
    plan = begin(plan, place, clock);
    rbd.ifPresent(RbdTracking::after);
    LibvirtBaseline next = plan.baseline(rotation.map(Rotation::added));
    baseline = rbd.map(it -> it.extend(next)).orElse(next).toBaseline();
    for (BackupPlan.Disk disk : plan.disks()) {
      disks.add(open(disk, place));
    }
  }

  /** Each attempt asks less of libvirt than the one before; what was given up is said. */
  private BackupPlan begin(BackupPlan first, NbdPlace place, InstantSource clock) {
    BackupPlan plan = first;
    while (true) {
      try {
        take(plan, place, clock);
        return plan;
      } catch (SendenseException e) {
        Optional<LibvirtError> error = LibvirtError.of(e);
        Optional<BackupPlan> less = error.flatMap(plan::without);
        if (less.isEmpty()) {
          throw error.isEmpty() ? e : snapshotFailed(e);
        }
        rotation.ifPresent(jobs::forget);
        rotation = Optional.empty();
        if (error.get().code() == LibvirtError.CHECKPOINT_INCONSISTENT) {
          plan.since().ifPresent(broken -> BackupJobs.drop(parts.domain(), broken));
        }
        plan = less.get();
      }
    }
  }

  private void take(BackupPlan plan, NbdPlace place, InstantSource clock) {
    Optional<String> checkpoint = Optional.empty();
    if (plan.checkpoints()) {
      String name = CheckpointNames.next(parts.options().owner(), parts.random());
      Rotation next = new Rotation(name, plan.since().orElse(""));
      parts.owned().add(next);
      rotation = Optional.of(next);
      checkpoint = Optional.of(plan.checkpointXml(name));
    }
    String backup = plan.backupXml(place, disk -> scratch(disk).toString());
    Optional<String> checkpointXml = checkpoint;
    outcome =
        freezer.during(
            () -> {
              takenAt = clock.instant();
              parts.domain().backupBegin(backup, checkpointXml);
            });
  }

  private CapturedDisk open(BackupPlan.Disk disk, NbdPlace place) {
    Optional<String> context = disk.bitmap().map(name -> CONTEXT + name);
    NbdDiskReader reader =
        NbdDiskReader.open(
            place.uri(disk.target()),
            NbdClientOptions.defaults()
                .withConnections(parts.options().nbdConnections())
                .withContexts(context.stream().toList()));
    try {
      ChangeSet changes =
          context
              .map(name -> tracked(reader, name, disk.since().orElse("")))
              .or(() -> rbd.flatMap(it -> it.changes(disk.target())))
              .orElseGet(() -> new ChangeSet.Untracked(disk.untracked()));
      return new CapturedDisk(
          disk.target(), new ExplainingReader(reader, this::whyUnreadable), changes);
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  private static ChangeSet tracked(NbdDiskReader reader, String context, String checkpoint) {
    return switch (reader.changedRanges(context)) {
      case ChangeSet.Tracked tracked ->
          new ChangeSet.Tracked("checkpoint " + checkpoint, tracked.ranges());
      case ChangeSet.Untracked untracked ->
          throw new SendenseException(
              ErrorCode.SOURCE_PROTOCOL,
              "libvirt was asked to export it, but: " + untracked.reason(),
              "");
    };
  }

  private NbdPlace place() {
    Optional<LibvirtSourceOptions.Tls> tls = parts.options().tls();
    if (tls.isPresent()) {
      return new NbdPlace.Tls(tls.get().host(), tls.get().port(), tls.get().certificates());
    }
    Path socket = parts.options().scratchFolder().resolve(mark + ".nbd");
    if (parts.options().uri().isLocal()) {
      return new NbdPlace.Unix(socket);
    }
    SshTunnel opened =
        SshTunnel.open(parts.options().uri(), socket, parts.options().callDeadline());
    tunnel = Optional.of(opened);
    return new NbdPlace.Forwarded(socket, opened.socket());
  }

  private Path scratch(BackupPlan.Disk disk) {
    return parts.options().scratchFolder().resolve(mark + "-" + disk.target() + ".scratch");
  }

  /** Over NBD a machine that was powered off looks like any other error. */
  private Optional<SendenseException> whyUnreadable(SendenseException e) {
    if (watch.filter(ScratchWatch::full).isPresent()) {
      return Optional.of(
          new SendenseException(
              ErrorCode.NO_SPACE,
              "the scratch folder "
                  + parts.options().scratchFolder()
                  + " was about to run full, so the capture was given up; the guest was not"
                  + " disturbed",
              "Give the scratch folder more space, or capture when the guest writes less."));
    }
    if (Libvirt.ifThere(parts.domain()::isActive).orElse(false)) {
      return Optional.empty();
    }
    return Optional.of(
        new SendenseException(
            ErrorCode.SOURCE_UNREADABLE,
            "machine " + parts.xml().name() + " was powered off while it was read",
            "Back it up again when it runs; nothing was left behind.",
            e));
  }

  @Override
  public Instant takenAt() {
    return takenAt;
  }

  @Override
  public List<CapturedDisk> disks() {
    return List.copyOf(disks);
  }

  @Override
  public Consistency consistency() {
    return outcome.stoodStill().isPresent() && outcome.why().isEmpty()
        ? Consistency.FILE_SYSTEM
        : Consistency.CRASH;
  }

  @Override
  public Optional<Duration> stoodStill() {
    return outcome.stoodStill();
  }

  @Override
  public List<String> notes() {
    return outcome.why().map(why -> "the point is as after a power cut: " + why).stream().toList();
  }

  @Override
  public Optional<Machine> machine() {
    return Optional.of(parts.machine());
  }

  @Override
  public Baseline baseline() {
    return baseline;
  }

  @Override
  public void commit() {
    if (ended) {
      throw new SendenseException(
          ErrorCode.CONFLICT, "the capture has ended and cannot be committed", "Capture again.");
    }
    endReading();
    rotation.ifPresent(next -> jobs.commit(parts.domain(), next));
    rbd.ifPresent(RbdTracking::commit);
    end();
  }

  /** A cancelled job arrives here interrupted; the source is cleaned all the same. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try (freezer) {
      if (ended) {
        return;
      }
      endReading();
      rotation.ifPresent(next -> jobs.rollBack(parts.domain(), next));
      rbd.ifPresent(RbdTracking::rollBack);
    } finally {
      if (!ended) {
        end();
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  boolean isEnded() {
    return ended;
  }

  private void endReading() {
    disks.forEach(disk -> disk.reader().close());
    watch.ifPresent(ScratchWatch::close);
    jobs.end(parts.domain(), mark);
  }

  private void end() {
    ended = true;
    tunnel.ifPresent(SshTunnel::close);
    parts.libvirt().close();
  }

  private static SendenseException snapshotFailed(SendenseException e) {
    return new SendenseException(
        ErrorCode.SOURCE_SNAPSHOT_FAILED, String.valueOf(e.getMessage()), e.remedy(), e);
  }
}
