package io.sendense.connectors.nbd;

import io.sendense.connectors.spi.ChangeSet;
import io.sendense.connectors.spi.DiskReader;
import io.sendense.domain.BlockRange;
import io.sendense.nbd.Extent;
import io.sendense.nbd.NbdClient;
import io.sendense.nbd.NbdClientOptions;
import io.sendense.nbd.NbdExport;
import io.sendense.nbd.NbdUri;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * One NBD export as a disk. Several threads may read at once; the requests of all are pipelined
 * over the export's connections. Direct buffers are filled without a copy.
 */
public final class NbdDiskReader implements DiskReader {
  private static final String ALLOCATION = "base:allocation";

  private final NbdExport export;

  private NbdDiskReader(NbdExport export) {
    this.export = export;
  }

  /**
   * Opens an export with the client's default bounds, asking also for the URI's own {@code
   * meta-context}.
   *
   * @throws io.sendense.domain.SendenseException as {@link NbdClient#open}; nothing stays open then
   */
  public static NbdDiskReader open(NbdUri uri) {
    return open(uri, NbdClientOptions.defaults().withContexts(uri.metaContext().stream().toList()));
  }

  /**
   * Opens an export.
   *
   * @param options with every context in it that {@link #changedRanges} will be asked about
   * @throws io.sendense.domain.SendenseException as {@link NbdClient#open}; nothing stays open then
   */
  public static NbdDiskReader open(NbdUri uri, NbdClientOptions options) {
    return new NbdDiskReader(NbdClient.open(uri, options));
  }

  @Override
  public long sizeBytes() {
    return export.sizeBytes();
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    export.read(offset, target);
  }

  @Override
  public List<BlockRange> allocated(BlockRange within) {
    if (!export.hasContext(ALLOCATION)) {
      return List.of(within);
    }
    return ranges(ALLOCATION, within, extent -> !extent.has(Extent.ZERO));
  }

  /**
   * What a dirty-bitmap context says was written, on the whole disk.
   *
   * @param context such as {@code qemu:dirty-bitmap:b0}; must have been among the options
   * @return {@link ChangeSet.Untracked} where the server does not have the context
   * @throws io.sendense.domain.SendenseException where the server fails to answer
   */
  public ChangeSet changedRanges(String context) {
    if (!export.hasContext(context)) {
      return new ChangeSet.Untracked("the NBD server does not offer the context " + context);
    }
    if (sizeBytes() == 0) {
      return new ChangeSet.Tracked(context, List.of());
    }
    return new ChangeSet.Tracked(
        context,
        ranges(context, new BlockRange(0, sizeBytes()), extent -> extent.has(Extent.DIRTY)));
  }

  @Override
  public void close() {
    export.close();
  }

  private List<BlockRange> ranges(String context, BlockRange within, Predicate<Extent> wanted) {
    List<BlockRange> ranges = new ArrayList<>();
    export.extents(context, within, extent -> append(ranges, extent, wanted));
    return ranges;
  }

  /** Extents with other flags may still be neighbours here, so they are joined. */
  private static void append(List<BlockRange> ranges, Extent extent, Predicate<Extent> wanted) {
    if (!wanted.test(extent)) {
      return;
    }
    BlockRange last = ranges.isEmpty() ? null : ranges.getLast();
    if (last != null && last.end() == extent.offset()) {
      ranges.set(ranges.size() - 1, new BlockRange(last.offset(), last.length() + extent.length()));
    } else {
      ranges.add(extent.range());
    }
  }
}
