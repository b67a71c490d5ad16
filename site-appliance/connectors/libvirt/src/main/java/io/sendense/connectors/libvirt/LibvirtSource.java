package io.sendense.connectors.libvirt;

import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Blocker;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.Machine;
import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.Readiness;
import io.sendense.connectors.spi.SourceConnector;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Captures one running machine through libvirt: all writable disks at one instant, with the changes
 * since the baseline from a checkpoint. Nothing is installed in the guest or on the host.
 *
 * <p>One capture at a time, in one process at a time: the caller sees to the latter. {@link
 * #capture} first reaps what an earlier process left. It starts and stops no machines.
 */
public final class LibvirtSource implements SourceConnector {
  private static final Duration ENDING = Duration.ofSeconds(40);

  private final LibvirtSourceOptions options;
  private final LibvirtOwned owned;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ScratchSpace local;
  private @Nullable LibvirtCapture open;

  /**
   * @param random for names only
   */
  public LibvirtSource(
      LibvirtSourceOptions options,
      OwnerRecords records,
      InstantSource clock,
      RandomGenerator random) {
    this(options, records, clock, random, ScratchSpace.local(options.scratchFolder()));
  }

  LibvirtSource(
      LibvirtSourceOptions options,
      OwnerRecords records,
      InstantSource clock,
      RandomGenerator random,
      ScratchSpace local) {
    this.options = options;
    this.local = local;
    this.owned = new LibvirtOwned(records, options.sourceName());
    this.clock = clock;
    this.random = random;
  }

  @Override
  public synchronized Readiness prepare() {
    return withDomain(this::readiness);
  }

  private Readiness readiness(Domain domain) {
    List<Blocker> blockers = new ArrayList<>();
    DomainXml xml = DomainXml.parse(domain.xml());
    if (!domain.isActive()) {
      blockers.add(
          new Blocker(
              Blocker.Kind.STATE,
              "machine " + xml.name() + " is off, and libvirt captures only what runs",
              "Start it, or back its images up with: backup --disk"));
    } else if (domain.hasJob() && owned.jobs().isEmpty()) {
      blockers.add(
          new Blocker(
              Blocker.Kind.STATE,
              "machine " + xml.name() + " is being backed up, migrated or saved by somebody else",
              "Wait until that is done; virsh domjobinfo shows it."));
    }
    if (xml.disks().isEmpty()) {
      blockers.add(
          new Blocker(
              Blocker.Kind.DISK,
              "machine " + xml.name() + " has no writable disk",
              "Nothing can be backed up of it."));
    }
    if (xml.disks().size() > LibvirtBaseline.MAX_DISKS) {
      blockers.add(
          new Blocker(
              Blocker.Kind.DISK,
              "machine "
                  + xml.name()
                  + " has "
                  + xml.disks().size()
                  + " disks; at most "
                  + LibvirtBaseline.MAX_DISKS
                  + " are captured at one instant",
              "Split its disks over several machines."));
    }
    List<String> notes = new ArrayList<>(xml.skipped());
    Optional<ScratchSpace> space = space(domain.libvirt());
    if (space.isEmpty()) {
      notes.add(
          "the space of the scratch folder on that host is not watched: no storage pool of its"
              + " libvirt is of "
              + options.scratchFolder());
    }
    space.flatMap(it -> blocker(it.free(domain.libvirt()))).ifPresent(blockers::add);
    return Readiness.of(blockers, notes);
  }

  private Optional<Blocker> blocker(long free) {
    if (free >= 2 * options.scratchFloorBytes()) {
      return Optional.empty();
    }
    String what =
        free < 0
            ? "is not there or cannot be used"
            : "has " + free + " bytes free of the " + 2 * options.scratchFloorBytes() + " needed";
    return Optional.of(
        new Blocker(
            Blocker.Kind.SPACE,
            "the scratch folder " + options.scratchFolder() + " " + what,
            "Make it, or free space there, where libvirt's QEMU may write."));
  }

  @Override
  public synchronized Capture capture(Optional<Baseline> baseline) {
    requireNoneOpen();
    Libvirt libvirt = Libvirt.open(options.uri(), options.callDeadline());
    try {
      Domain domain = requireDomain(libvirt);
      new LibvirtReaper(options, owned).reap(Optional.of(domain));
      Pause.until("the end of a former backup job", ENDING, () -> !domain.isEndingJob());
      if (readiness(domain) instanceof Readiness.Blocked blocked) {
        Blocker first = blocked.blockers().getFirst();
        throw new SendenseException(ErrorCode.SOURCE_SNAPSHOT_FAILED, first.what(), first.remedy());
      }
      DomainXml xml = DomainXml.parse(domain.xml());
      Machine machine = LibvirtInventory.describe(domain, xml);
      LibvirtCapture capture =
          new LibvirtCapture(
              new LibvirtCapture.Parts(
                  options, owned, libvirt, domain, xml, machine, random, space(libvirt)));
      open = capture;
      capture.begin(baseline, clock);
      return capture;
    } catch (RuntimeException | Error e) {
      try {
        closeAfter(libvirt);
      } catch (RuntimeException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  /**
   * Has every write noted from now on, as a first capture that is committed would, but reads
   * nothing: for a machine that was just made and has not begun to run.
   */
  synchronized Baseline mark() {
    requireNoneOpen();
    return withDomain(
        domain -> {
          DomainXml xml = DomainXml.parse(domain.xml());
          BackupPlan plan =
              BackupPlan.of(
                  LibvirtInventory.describe(domain, xml),
                  xml,
                  Optional.empty(),
                  domain.checkpoints(),
                  domain.isPersistent(),
                  options.owner());
          if (!plan.checkpoints()) {
            return plan.baseline(Optional.empty()).toBaseline();
          }
          LibvirtOwned.Rotation next =
              new LibvirtOwned.Rotation(CheckpointNames.next(options.owner(), random), "");
          owned.add(next);
          domain.createCheckpoint(plan.checkpointXml(next.added()));
          owned.remove(next);
          return plan.baseline(Optional.of(next.added())).toBaseline();
        });
  }

  private void closeAfter(Libvirt libvirt) {
    LibvirtCapture begun = open;
    open = null;
    if (begun != null) {
      begun.close();
    }
    libvirt.close();
  }

  @Override
  public synchronized void reap() {
    requireNoneOpen();
    new LibvirtReaper(options, owned).reap();
  }

  @Override
  public synchronized void forget() {
    requireNoneOpen();
    withDomain(
        domain -> {
          new LibvirtReaper(options, owned).reap(Optional.of(domain));
          domain.checkpoints().stream()
              .filter(name -> CheckpointNames.isOurs(name, options.owner()))
              .forEach(name -> BackupJobs.drop(domain, name));
          options
              .rbd()
              .ifPresent(
                  rbd -> RbdTracking.forget(rbd, DomainXml.parse(domain.xml()), options.owner()));
          return domain;
        });
  }

  private Optional<ScratchSpace> space(Libvirt libvirt) {
    return options.uri().isLocal()
        ? Optional.of(local)
        : ScratchSpace.remote(libvirt, options.scratchFolder());
  }

  private <T> T withDomain(Function<Domain, T> work) {
    try (Libvirt libvirt = Libvirt.open(options.uri(), options.callDeadline())) {
      return work.apply(requireDomain(libvirt));
    }
  }

  private Domain requireDomain(Libvirt libvirt) {
    return libvirt
        .domain(options.uuid())
        .orElseThrow(
            () ->
                new SendenseException(
                    ErrorCode.NOT_FOUND,
                    "libvirt at " + options.uri().text() + " has no machine " + options.uuid(),
                    "It was removed, or moved to another host: name that host."));
  }

  private void requireNoneOpen() {
    LibvirtCapture before = open;
    if (before != null && !before.isEnded()) {
      throw new SendenseException(
          ErrorCode.CONFLICT,
          "a capture of machine " + options.uuid() + " is still open",
          "End it first.");
    }
  }
}
