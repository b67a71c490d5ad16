package io.sendense.images;

import com.github.luben.zstd.Zstd;
import io.sendense.domain.BlockRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads one qcow2 file, version 3. Of its backing file it tells only the name: what this file
 * leaves to it reads as zeros here, and {@link #extents} says where that is.
 */
public final class Qcow2Reader implements ImageReader {
  private static final int TABLES_KEPT = 64;

  private final ImageFile file;
  private final Qcow2Header header;
  private final int clusterBytes;
  private final int tableEntries;
  private final long[] l1;
  private final Map<Integer, long[]> tables =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, long[]> eldest) {
          return size() > TABLES_KEPT;
        }
      };

  /** Where the content of a range comes from. */
  public enum Origin {
    /** The backing file, or zeros where there is none. */
    BACKING,
    ZERO,
    DATA
  }

  /** A range, in whole clusters cut to what was asked, all of one origin. */
  public record Extent(BlockRange range, Origin origin) {}

  private Qcow2Reader(ImageFile file, Qcow2Header header, long[] l1) {
    this.file = file;
    this.header = header;
    this.clusterBytes = 1 << header.clusterBits();
    this.tableEntries = clusterBytes / 8;
    this.l1 = l1;
  }

  /** Opens a file; one that another process may be writing is not noticed. */
  public static Qcow2Reader open(Path path) throws IOException {
    ImageFile file = ImageFile.open(path);
    try {
      Qcow2Header header = Qcow2Header.read(file);
      long[] l1 = new long[header.l1Entries()];
      file.read(header.l1Offset(), l1.length * 8, ByteOrder.BIG_ENDIAN).asLongBuffer().get(l1);
      return new Qcow2Reader(file, header, l1);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public long sizeBytes() {
    return header.sizeBytes();
  }

  /** Name of the backing file as the header keeps it. */
  public Optional<String> backing() {
    return header.backing();
  }

  /** Ascending extents that together make up {@code within}; neighbours differ in origin. */
  public List<Extent> extents(BlockRange within) throws IOException {
    check(within.offset(), within.length());
    List<Extent> found = new ArrayList<>();
    long start = within.offset();
    Origin current = null;
    for (long at = within.offset(); at < within.end(); ) {
      long cluster = at / clusterBytes;
      boolean table = (l1[(int) (cluster / tableEntries)] & Qcow2Header.OFFSET_MASK) != 0;
      Origin origin = table ? origin(entry(cluster)) : Origin.BACKING;
      if (current != null && origin != current) {
        found.add(new Extent(new BlockRange(start, at - start), current));
        start = at;
      }
      current = origin;
      long step = table ? 1 : tableEntries - cluster % tableEntries;
      at = Math.min(within.end(), (cluster + step) * clusterBytes);
    }
    if (current != null) {
      found.add(new Extent(new BlockRange(start, within.end() - start), current));
    }
    return found;
  }

  private static Origin origin(long entry) {
    if ((entry & Qcow2Header.COMPRESSED) != 0) {
      return Origin.DATA;
    }
    if ((entry & Qcow2Header.ZERO) != 0) {
      return Origin.ZERO;
    }
    return (entry & Qcow2Header.OFFSET_MASK) != 0 ? Origin.DATA : Origin.BACKING;
  }

  @Override
  public List<BlockRange> allocated(BlockRange within) throws IOException {
    return extents(within).stream()
        .filter(extent -> extent.origin() == Origin.DATA)
        .map(Extent::range)
        .toList();
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    check(offset, target.remaining());
    long at = offset;
    while (target.hasRemaining()) {
      long cluster = at / clusterBytes;
      int within = (int) (at % clusterBytes);
      int length = Math.min(clusterBytes - within, target.remaining());
      long entry = entry(cluster);
      if (origin(entry) != Origin.DATA) {
        ImageFile.putZeros(target, length);
      } else if ((entry & Qcow2Header.COMPRESSED) != 0) {
        target.put(unpack(entry), within, length);
      } else {
        // The next clusters often follow in the file too; one request then takes them all.
        long host = (entry & Qcow2Header.OFFSET_MASK) + within;
        while (length < target.remaining() && entry(cluster + 1) == entry + clusterBytes) {
          cluster++;
          entry += clusterBytes;
          length = Math.min(length + clusterBytes, target.remaining());
        }
        ByteBuffer part = target.slice(target.position(), length);
        file.read(host, part);
        target.position(target.position() + length);
      }
      at += length;
    }
  }

  private byte[] unpack(long entry) throws IOException {
    if (!header.zstd()) {
      throw new ImageDamage("it has clusters compressed by deflate, which are not read here");
    }
    int shift = 62 - (header.clusterBits() - 8);
    long at = entry & ((1L << shift) - 1);
    int sectors = (int) ((entry & ~Qcow2Header.COMPRESSED) >>> shift) + 1;
    byte[] packed = new byte[(int) (sectors * 512L - at % 512)];
    file.read(at, ByteBuffer.wrap(packed));
    long frame = Zstd.findFrameCompressedSize(packed);
    byte[] cluster = new byte[clusterBytes];
    if (Zstd.isError(frame)
        || Zstd.decompressByteArray(cluster, 0, clusterBytes, packed, 0, (int) frame)
            != clusterBytes) {
      throw new ImageDamage("the compressed cluster at byte " + at + " does not unpack");
    }
    return cluster;
  }

  private long entry(long cluster) throws IOException {
    int table = (int) (cluster / tableEntries);
    long place = l1[table] & Qcow2Header.OFFSET_MASK;
    return place == 0 ? 0 : table(table, place)[(int) (cluster % tableEntries)];
  }

  private long[] table(int index, long place) throws IOException {
    synchronized (tables) {
      long[] known = tables.get(index);
      if (known != null) {
        return known;
      }
      ByteBuffer bytes = ByteBuffer.allocate(clusterBytes);
      file.read(place, bytes);
      long[] entries = new long[tableEntries];
      bytes.flip().asLongBuffer().get(entries);
      tables.put(index, entries);
      return entries;
    }
  }

  private void check(long offset, long length) {
    if (offset < 0 || length < 0 || offset > sizeBytes() - length) {
      throw new IllegalArgumentException(
          "bytes [" + offset + ", " + (offset + length) + ") of an image of " + sizeBytes());
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
