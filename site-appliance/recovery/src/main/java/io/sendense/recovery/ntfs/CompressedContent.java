package io.sendense.recovery.ntfs;

import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.MappedContent;
import io.sendense.recovery.fs.Zeros;
import java.nio.ByteBuffer;

/**
 * Content compressed in units, usually of 16 clusters ("Compression"): a unit with all its clusters
 * is stored as it is, one without any reads as zeros, any other is LZNT1.
 */
final class CompressedContent implements Content {
  private static final int MOST_UNIT = 1 << 20;

  private final NtfsVolume volume;
  private final Runs runs;
  private final long sizeBytes;
  private final long written;
  private final int unitBytes;
  private final String what;
  private byte[] unit = new byte[0];
  private long unitStart = -1;

  CompressedContent(
      NtfsVolume volume, Runs runs, long sizeBytes, long written, int unitLog, String what) {
    this.volume = volume;
    this.runs = runs;
    this.sizeBytes = sizeBytes;
    this.written = written;
    this.what = what;
    if (unitLog > 8 || (long) volume.clusterBytes() << unitLog > MOST_UNIT) {
      throw volume.volume().damaged(what, 0, "units of 2^" + unitLog + " clusters");
    }
    unitBytes = volume.clusterBytes() << unitLog;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public Run run(long offset) {
    if (offset >= written) {
      return new Run(offset, sizeBytes - offset, false);
    }
    long start = offset / unitBytes * unitBytes;
    MappedContent.Extent first = runs.at(start);
    long end = start + unitBytes;
    boolean hole = first.place() < 0 && first.start() + first.length() >= end;
    if (hole) {
      end = (first.start() + first.length()) / unitBytes * unitBytes;
    }
    return new Run(offset, Math.min(Math.min(end, written), sizeBytes) - offset, !hole);
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    long at = offset;
    while (target.hasRemaining()) {
      if (at >= written) {
        Zeros.put(target, target.remaining());
        return;
      }
      load(at / unitBytes * unitBytes);
      int from = (int) (at - unitStart);
      int count = (int) Math.min(Math.min(unitBytes - from, target.remaining()), written - at);
      target.put(unit, from, count);
      at += count;
    }
  }

  private void load(long start) {
    if (start == unitStart) {
      return;
    }
    unitStart = -1;
    byte[] packed = new byte[unitBytes];
    int filled = 0;
    int clusterBytes = volume.clusterBytes();
    // What is not mapped any more is behind the end of a last unit that is stored as it is.
    long end = Math.min(start + unitBytes, runs.clusters() * clusterBytes);
    boolean squeezed = false;
    for (long at = start; at < end && !squeezed; ) {
      MappedContent.Extent extent = runs.at(at);
      int length = (int) (Math.min(extent.start() + extent.length(), end) - at);
      squeezed = extent.place() < 0;
      if (!squeezed) {
        volume
            .volume()
            .read(extent.place() + (at - extent.start()), ByteBuffer.wrap(packed, filled, length));
        filled += length;
      }
      at += length;
    }
    unit = filled > 0 && squeezed ? Lznt1.unpack(packed, filled, unitBytes, what) : packed;
    unitStart = start;
  }
}
