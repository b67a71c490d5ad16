package io.sendense.connectors.disk;

import io.sendense.connectors.nbd.NbdDiskReader;
import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.connectors.spi.DiskReader;
import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.SourceConnector;
import io.sendense.nbd.NbdClientOptions;
import io.sendense.nbd.NbdUri;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Plain disks as the disks of one machine. They are read as they stand; whoever names them sees to
 * it that they stand still, as a stopped machine's do or a snapshot's.
 *
 * <p>Only an NBD export with a named bitmap has a tracker, and only while the disk is in the same
 * place as in the point before. Whoever serves it sees to it that the bitmap reaches back to that
 * point; what it leaves out is sampled.
 */
public final class DiskSource implements SourceConnector {
  private static final String BITMAP_CONTEXT = "qemu:dirty-bitmap:";

  private final List<SourceDisk> disks;
  private final OwnerRecords records;
  private final String source;
  private final InstantSource clock;

  /**
   * @param vm name of the machine, which keys its owner records
   */
  public DiskSource(String vm, List<SourceDisk> disks, OwnerRecords records, InstantSource clock) {
    this.disks = List.copyOf(disks);
    this.records = records;
    this.source = "disks of " + vm;
    this.clock = clock;
  }

  @Override
  public Capture capture(Optional<Baseline> baseline) {
    Places before = baseline.map(Places::of).orElse(Places.NONE);
    List<AutoCloseable> opened = new ArrayList<>();
    try {
      List<CapturedDisk> captured = new ArrayList<>();
      for (SourceDisk disk : disks) {
        captured.add(open(disk, before, baseline.isPresent(), opened));
      }
      return new DiskCapture(clock.instant(), captured, Places.of(disks).baseline(), opened);
    } catch (RuntimeException | Error e) {
      DiskCapture.closeAll(opened, e);
      throw e;
    }
  }

  private CapturedDisk open(
      SourceDisk disk, Places before, boolean hasBaseline, List<AutoCloseable> opened) {
    return switch (disk.uri()) {
      case DiskUri.Raw raw -> {
        DiskReader reader = keep(opened, RawDiskReader.open(raw.path()));
        yield untracked(disk, reader, "a raw disk has no change tracker");
      }
      case DiskUri.Qcow2 qcow2 -> {
        QemuNbd server = keep(opened, QemuNbd.start(records, source, qcow2.path()));
        DiskReader reader = keep(opened, server.connect(NbdDiskReader::open));
        yield untracked(disk, reader, "a qcow2 file is read without a change tracker");
      }
      case DiskUri.Nbd nbd -> openExport(disk, nbd, before, hasBaseline, opened);
    };
  }

  private static CapturedDisk openExport(
      SourceDisk disk,
      DiskUri.Nbd nbd,
      Places before,
      boolean hasBaseline,
      List<AutoCloseable> opened) {
    NbdUri uri = NbdUri.parse(nbd.uri());
    Optional<String> context = nbd.bitmap().map(name -> BITMAP_CONTEXT + name).or(uri::metaContext);
    NbdDiskReader reader =
        keep(
            opened,
            NbdDiskReader.open(
                uri, NbdClientOptions.defaults().withContexts(context.stream().toList())));
    if (context.isEmpty()) {
      return untracked(disk, reader, "no dirty bitmap was named for the NBD export");
    }
    if (!hasBaseline) {
      return untracked(disk, reader, "there is no earlier point that the bitmap could go back to");
    }
    if (!before.holds(disk)) {
      return untracked(
          disk, reader, "disk " + disk.name() + " was in another place in the point before");
    }
    return new CapturedDisk(disk.name(), reader, reader.changedRanges(context.get()));
  }

  private static CapturedDisk untracked(SourceDisk disk, DiskReader reader, String reason) {
    return new CapturedDisk(disk.name(), reader, new ChangeSet.Untracked(reason));
  }

  private static <T extends AutoCloseable> T keep(List<AutoCloseable> opened, T resource) {
    opened.add(resource);
    return resource;
  }

  @Override
  public void reap() {
    QemuNbd.reap(records, source);
  }
}
