package io.sendense.connectors.kvm;

import io.sendense.connectors.kvm.Hypervisor.BitmapRef;
import io.sendense.connectors.kvm.Owned.Filter;
import io.sendense.connectors.nbd.ExplainingReader;
import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.DiskReader;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A point in time held open on a running QEMU. Committing ends the reading as well: the readers are
 * closed, the filters taken out, then the old bitmap is dropped.
 */
final class QemuCapture implements Capture {
  /** Below this a scratch file cannot take one more block of any usual size. */
  private static final long FULL_BYTES = 1 << 20;

  private final Parts parts;
  private final Baseline baseline;
  private final List<CapturedDisk> disks = new ArrayList<>();
  private Instant takenAt = Instant.MIN;
  private boolean ended;

  QemuCapture(Parts parts, Baseline baseline) {
    this.parts = parts;
    this.baseline = baseline;
  }

  /** What a capture works with; made by the source. */
  record Parts(
      QemuSourceOptions options,
      Owned owned,
      QmpClient qmp,
      Hypervisor vm,
      FilterGraph graph,
      BitmapRotation rotation,
      List<Filter> filters,
      NbdServer server) {}

  /** A failure leaves half of it in place, which {@link #close} removes. */
  void begin(
      List<QemuDisk> found,
      Map<String, Tracking> tracking,
      InstantSource clock,
      ExportOpener opener) {
    parts.server().start(found.size() * (parts.options().nbdConnections() + 1));
    parts.rotation().begin(found);
    for (int i = 0; i < found.size(); i++) {
      parts
          .graph()
          .prepare(
              parts.filters().get(i), found.get(i).sizeBytes(), parts.options().scratchDeadline());
    }
    takenAt = clock.instant();
    parts.graph().take(parts.filters());

    parts.rotation().freeze(found.stream().flatMap(d -> frozen(d, tracking).stream()).toList());
    for (int i = 0; i < found.size(); i++) {
      QemuDisk disk = found.get(i);
      Filter filter = parts.filters().get(i);
      Optional<BitmapRef> old = frozen(disk, tracking);
      parts.graph().expose(filter, old);
      ExportOpener.Opened opened =
          opener.open(
              parts.server().socket(),
              filter.stem(),
              old.map(BitmapRef::name),
              tracking.getOrDefault(disk.name(), Tracking.NONE).reason());
      disks.add(new CapturedDisk(disk.name(), explained(opened.reader()), opened.changes()));
    }
  }

  private DiskReader explained(DiskReader reader) {
    return new ExplainingReader(reader, this::whyUnreadable);
  }

  private Optional<SendenseException> whyUnreadable(SendenseException e) {
    if (!parts.qmp().isOpen()) {
      return Optional.of(
          new SendenseException(
              ErrorCode.SOURCE_UNREADABLE,
              "the virtual machine at "
                  + parts.options().qmpSocket()
                  + " went away while it was read",
              "It was powered off or its QEMU ended; capture again when it runs.",
              e));
    }
    if (scratchIsFull()) {
      return Optional.of(
          new SendenseException(
              ErrorCode.NO_SPACE,
              "the scratch folder "
                  + parts.options().scratchFolder()
                  + " ran full, so the old content of overwritten blocks is lost; the guest was not"
                  + " disturbed",
              "Give the scratch folder more space, or capture when the guest writes less.",
              e));
    }
    return Optional.empty();
  }

  private boolean scratchIsFull() {
    try {
      return Files.getFileStore(parts.options().scratchFolder()).getUsableSpace() < FULL_BYTES;
    } catch (IOException e) {
      return false;
    }
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
    return Consistency.CRASH;
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
    parts.rotation().commit();
    end();
  }

  /**
   * A cancelled job arrives here interrupted, which must not keep the source from being cleaned.
   */
  @Override
  public void close() {
    if (ended) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      cleanUp();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void cleanUp() {
    disks.forEach(disk -> disk.reader().close());
    if (parts.qmp().isOpen()) {
      try {
        endReading();
        parts.rotation().rollBack();
        return;
      } catch (SendenseException e) {
        if (parts.qmp().isOpen()) {
          throw e;
        }
      } finally {
        end();
      }
    }
    // The connection is gone, and perhaps the machine: the reaper finds out which.
    end();
    new Reaper(parts.options(), parts.owned()).reap();
  }

  boolean isEnded() {
    return ended;
  }

  private void end() {
    ended = true;
    parts.qmp().close();
  }

  private void endReading() {
    disks.forEach(disk -> disk.reader().close());
    parts.filters().forEach(parts.graph()::dismantle);
    parts.server().stop();
  }

  private static Optional<BitmapRef> frozen(QemuDisk disk, Map<String, Tracking> tracking) {
    return tracking
        .getOrDefault(disk.name(), Tracking.NONE)
        .bitmap()
        .map(name -> new BitmapRef(disk.node(), name));
  }
}
