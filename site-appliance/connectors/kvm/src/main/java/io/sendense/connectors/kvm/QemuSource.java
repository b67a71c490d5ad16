package io.sendense.connectors.kvm;

import io.sendense.connectors.kvm.Hypervisor.BitmapRef;
import io.sendense.connectors.kvm.Owned.Filter;
import io.sendense.connectors.kvm.Owned.Rotation;
import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.SourceConnector;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Captures one running QEMU virtual machine through its QMP socket: all writable disks at one
 * instant, without a pause, with the changes since the baseline from persistent dirty bitmaps.
 *
 * <p>One capture at a time, in one process at a time: the caller sees to the latter. {@link
 * #capture} first reaps what an earlier process left. It starts and stops no virtual machines.
 */
public final class QemuSource implements SourceConnector {
  private final QemuSourceOptions options;
  private final Owned owned;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ExportOpener opener;
  private @Nullable QemuCapture open;

  /**
   * @param random for names only
   */
  public QemuSource(
      QemuSourceOptions options,
      OwnerRecords records,
      InstantSource clock,
      RandomGenerator random) {
    this(options, records, clock, random, new NbdExportOpener(options.nbdConnections()));
  }

  QemuSource(
      QemuSourceOptions options,
      OwnerRecords records,
      InstantSource clock,
      RandomGenerator random,
      ExportOpener opener) {
    this.options = options;
    this.owned = new Owned(records, options.sourceName());
    this.clock = clock;
    this.random = random;
    this.opener = opener;
  }

  @Override
  public synchronized Capture capture(Optional<Baseline> baseline) {
    requireNoneOpen();
    new Reaper(options, owned).reap();
    requireScratch();
    QmpClient qmp = QmpClient.connect(options.qmpSocket(), options.commandDeadline());
    try {
      Hypervisor vm = new Hypervisor(qmp, options.qmpSocket());
      vm.requireSupported();
      List<QemuDisk> disks = requireDisks(vm.disks());
      vm.requireSafeExports(disks);
      QemuCapture capture = begin(qmp, vm, disks, baseline);
      open = capture;
      return capture;
    } catch (RuntimeException e) {
      qmp.close();
      throw e instanceof SendenseException s ? snapshotFailed(s) : e;
    }
  }

  @Override
  public synchronized void reap() {
    requireNoneOpen();
    new Reaper(options, owned).reap();
  }

  @Override
  public synchronized void forget() {
    requireNoneOpen();
    new Reaper(options, owned).reap();
    try (QmpClient qmp = QmpClient.connect(options.qmpSocket(), options.commandDeadline())) {
      Hypervisor vm = new Hypervisor(qmp, options.qmpSocket());
      List<QemuDisk> disks = vm.disks();
      Map<String, Tracking> none = new TreeMap<>();
      disks.forEach(
          d -> none.put(d.name(), Tracking.of(d, Optional.empty(), options.bitmapPrefix())));
      removeStale(vm, disks, none);
    }
  }

  private QemuCapture begin(
      QmpClient qmp, Hypervisor vm, List<QemuDisk> disks, Optional<Baseline> baseline) {
    Map<String, Tracking> tracking = new TreeMap<>();
    disks.forEach(d -> tracking.put(d.name(), Tracking.of(d, baseline, options.bitmapPrefix())));
    removeStale(vm, disks, tracking);

    String id = "sd-" + BitmapNames.hex(random, 4);
    List<Filter> filters = new ArrayList<>();
    for (int i = 0; i < disks.size(); i++) {
      QemuDisk disk = disks.get(i);
      String stem = id + "-" + i;
      Path scratch = options.scratchFolder().resolve(stem + ".scratch");
      filters.add(new Filter(disk.qomPath(), disk.node(), stem, scratch));
    }
    String old =
        tracking.values().stream().flatMap(t -> t.bitmap().stream()).findFirst().orElse("");
    Rotation rotation = new Rotation(BitmapNames.next(options.bitmapPrefix(), random), old);
    QemuCapture capture =
        new QemuCapture(
            new QemuCapture.Parts(
                options,
                owned,
                qmp,
                vm,
                new FilterGraph(vm, owned),
                new BitmapRotation(vm, owned, rotation),
                filters,
                new NbdServer(vm, owned, options.scratchFolder().resolve(id + NbdServer.SUFFIX))),
            BaselineToken.of(
                    rotation.added(), disks.stream().filter(d -> d.noBitmaps().isEmpty()).toList())
                .toBaseline());
    try {
      capture.begin(disks, tracking, clock, opener);
      return capture;
    } catch (RuntimeException e) {
      try {
        capture.close();
      } catch (RuntimeException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  private static void removeStale(
      Hypervisor vm, List<QemuDisk> disks, Map<String, Tracking> tracking) {
    List<ObjectNode> removals = new ArrayList<>();
    for (QemuDisk disk : disks) {
      for (String stale : tracking.getOrDefault(disk.name(), Tracking.NONE).stale()) {
        removals.add(Hypervisor.removeBitmap(new BitmapRef(disk.node(), stale)));
      }
    }
    vm.transaction(removals);
  }

  private List<QemuDisk> requireDisks(List<QemuDisk> disks) {
    if (disks.isEmpty()) {
      throw new SendenseException(
          ErrorCode.SOURCE_SNAPSHOT_FAILED,
          "the virtual machine at " + options.qmpSocket() + " has no writable disk",
          "Nothing can be backed up of it.");
    }
    if (disks.size() > BaselineToken.MAX_DISKS) {
      throw new SendenseException(
          ErrorCode.LIMIT_REACHED,
          "the virtual machine at "
              + options.qmpSocket()
              + " has "
              + disks.size()
              + " disks; at most "
              + BaselineToken.MAX_DISKS
              + " are supported",
          "Split its disks over several machines.");
    }
    return disks;
  }

  private void requireScratch() {
    Path folder = options.scratchFolder();
    try {
      long free = Files.getFileStore(folder).getUsableSpace();
      if (free < options.minimumScratchBytes()) {
        throw new SendenseException(
            ErrorCode.NO_SPACE,
            "the scratch folder "
                + folder
                + " has "
                + free
                + " bytes free, fewer than the "
                + options.minimumScratchBytes()
                + " asked for",
            "Free space there or choose another scratch folder.");
      }
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "the scratch folder " + folder + " cannot be used: " + e.getMessage(),
          "Create it where both this user and QEMU's may write.",
          e);
    }
  }

  private void requireNoneOpen() {
    if (open != null && !open.isEnded()) {
      throw new SendenseException(
          ErrorCode.CONFLICT,
          "a capture of the virtual machine at " + options.qmpSocket() + " is still open",
          "Close it first.");
    }
  }

  private static SendenseException snapshotFailed(SendenseException e) {
    return switch (e.code()) {
      case SOURCE_PROTOCOL, DEADLINE_EXCEEDED -> {
        SendenseException failed =
            new SendenseException(
                ErrorCode.SOURCE_SNAPSHOT_FAILED,
                "no point in time could be taken: " + e.getMessage(),
                e.remedy(),
                e);
        for (Throwable suppressed : e.getSuppressed()) {
          failed.addSuppressed(suppressed);
        }
        yield failed;
      }
      default -> e;
    };
  }
}
