package io.sendense.recovery.fs;

import io.sendense.recovery.block.Volume;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Content that lies on the volume in extents. */
public final class MappedContent implements Content {
  private final Volume volume;
  private final long sizeBytes;
  private final Mapper mapper;
  private @Nullable Extent last;

  public MappedContent(Volume volume, long sizeBytes, Mapper mapper) {
    this.volume = volume;
    this.sizeBytes = sizeBytes;
    this.mapper = mapper;
  }

  /** Where a file's bytes lie. */
  @FunctionalInterface
  public interface Mapper {
    /** The extent or hole that contains this byte of the file. */
    Extent at(long offset);
  }

  /**
   * Bytes of a file that lie together.
   *
   * @param start of the file
   * @param length at least 1
   * @param place on the volume; negative where they read as zeros
   */
  public record Extent(long start, long length, long place) {
    public static Extent zeros(long start, long length) {
      return new Extent(start, length, -1);
    }

    boolean holds(long offset) {
      return offset >= start && offset - start < length;
    }
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public Run run(long offset) {
    Extent extent = extent(offset);
    long length = Math.min(extent.length() - (offset - extent.start()), sizeBytes - offset);
    return new Run(offset, length, extent.place() >= 0);
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    long at = offset;
    int limit = target.limit();
    while (target.position() < limit) {
      Extent extent = extent(at);
      long within = at - extent.start();
      int count = (int) Math.min(limit - target.position(), extent.length() - within);
      if (extent.place() < 0) {
        Zeros.put(target, count);
      } else {
        target.limit(target.position() + count);
        volume.read(extent.place() + within, target);
        target.limit(limit);
      }
      at += count;
    }
  }

  private Extent extent(long offset) {
    Extent known = last;
    if (known != null && known.holds(offset)) {
      return known;
    }
    Extent found = mapper.at(offset);
    if (!found.holds(offset)) {
      throw volume.damaged("extent map", 0, "it does not say where byte " + offset + " lies");
    }
    last = found;
    return found;
  }
}
