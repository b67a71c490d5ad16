package io.sendense.images;

import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Writes a qcow2 file, version 3, of 64 KiB clusters, in one pass: clusters stand in the order in
 * which they were written. Only the first-level table and one block of reference counts are kept in
 * memory.
 *
 * <p>On a backing file, what is never written keeps the backing file's content, and clusters of
 * zeros are marked so. A cluster may be written again; the last content counts.
 */
public final class Qcow2Writer implements ImageWriter {
  private static final int CLUSTER = Qcow2Header.CLUSTER;
  private static final int L2_ENTRIES = CLUSTER / 8;
  private static final int ZSTD_LEVEL = 3;
  private static final byte[] NOT_PACKED = new byte[0];

  private final ImageFile file;
  private final Options options;
  private final Qcow2Space space;
  private final Qcow2Header header;
  private final long[] l1;

  /**
   * What to make.
   *
   * @param sizeBytes of the disk, a multiple of 512
   * @param backing name of the backing file as the header keeps it
   * @param compress clusters, by zstd, where that saves space; each may then be written only once
   */
  public record Options(long sizeBytes, Optional<String> backing, boolean compress) {
    public Options {
      if (sizeBytes <= 0 || sizeBytes % 512 != 0) {
        throw new IllegalArgumentException("a qcow2 disk of " + sizeBytes + " bytes");
      }
    }
  }

  private Qcow2Writer(ImageFile file, Options options) {
    this.file = file;
    this.options = options;
    int l1Entries = Qcow2Header.l1EntriesFor(options.sizeBytes(), Qcow2Header.CLUSTER_BITS);
    long groups = Qcow2Space.groupsFor(options.sizeBytes(), options.compress());
    int tableClusters = Math.toIntExact(Math.ceilDiv(groups * 8, CLUSTER));
    int l1Clusters = Math.ceilDiv(l1Entries * 8, CLUSTER);
    space = new Qcow2Space(file);
    long tableOffset = fixed(tableClusters);
    header =
        new Qcow2Header(
            options.sizeBytes(),
            Qcow2Header.CLUSTER_BITS,
            options.backing(),
            options.compress(),
            fixed(l1Clusters),
            l1Entries,
            tableOffset,
            tableClusters);
    l1 = new long[l1Entries];
  }

  /** Makes the file, which must not be there yet. */
  public static Qcow2Writer create(Path path, Options options) throws IOException {
    return new Qcow2Writer(ImageFile.create(path), options);
  }

  /** The tables at the file's start lie within the first group, which is 2 GiB. */
  private long fixed(int clusters) {
    try {
      long first = space.cluster();
      for (int i = 1; i < clusters; i++) {
        space.cluster();
      }
      return first;
    } catch (IOException e) {
      throw new IllegalStateException("the tables do not fit the first group", e);
    }
  }

  @Override
  public void write(long offset, ByteBuffer data) throws IOException {
    int length = data.remaining();
    ImageFile.checkWrite(offset, length, header.sizeBytes());
    byte[] bytes = ImageFile.bytes(data);
    int clusters = Math.ceilDiv(length, CLUSTER);
    boolean[] zero = new boolean[clusters];
    byte[][] packed = new byte[clusters][];
    Arrays.fill(packed, NOT_PACKED);
    for (int i = 0; i < clusters; i++) {
      int part = Math.min(CLUSTER, length - i * CLUSTER);
      zero[i] = ImageFile.isZero(bytes, i * CLUSTER, part);
      if (options.compress() && !zero[i]) {
        packed[i] = pack(bytes, i * CLUSTER, part);
      }
    }
    long[] places = place(offset, zero, packed);
    for (int i = 0; i < clusters; i++) {
      if (packed[i].length > 0) {
        file.write(places[i], packed[i]);
      } else if (places[i] != 0) {
        int run = i + 1;
        while (run < clusters
            && places[run] == places[run - 1] + CLUSTER
            && packed[run].length == 0) {
          run++;
        }
        int from = i * CLUSTER;
        int to = Math.min(length, run * CLUSTER);
        file.write(places[i], ByteBuffer.wrap(bytes, from, to - from));
        i = run - 1;
      }
    }
  }

  /** Marks a range, in whole clusters, as zeros whatever the backing file holds there. */
  public void zero(long offset, long length) throws IOException {
    int step = 4 << 20;
    byte[] zeros = new byte[(int) Math.min(step, length)];
    for (long at = 0; at < length; at += step) {
      write(offset + at, ByteBuffer.wrap(zeros, 0, (int) Math.min(step, length - at)));
    }
  }

  /** Zstd frame of a whole cluster; empty where it would not save a sector. */
  private static byte[] pack(byte[] bytes, int from, int length) {
    byte[] cluster = new byte[CLUSTER];
    System.arraycopy(bytes, from, cluster, 0, length);
    try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
      byte[] packed = zstd.setLevel(ZSTD_LEVEL).compress(cluster);
      return packed.length <= CLUSTER - 512 ? packed : NOT_PACKED;
    }
  }

  /** Host offsets where data is to go, 0 for none; the second-level tables say so afterwards. */
  private synchronized long[] place(long offset, boolean[] zero, byte[][] packed)
      throws IOException {
    long[] places = new long[zero.length];
    for (int done = 0; done < zero.length; ) {
      long cluster = offset / CLUSTER + done;
      int slot = (int) (cluster % L2_ENTRIES);
      int count = Math.min(zero.length - done, L2_ENTRIES - slot);
      placeIn((int) (cluster / L2_ENTRIES), slot, done, count, places, zero, packed);
      done += count;
    }
    return places;
  }

  private void placeIn(
      int table, int slot, int from, int count, long[] places, boolean[] zero, byte[][] packed)
      throws IOException {
    ByteBuffer entries = ByteBuffer.allocate(count * 8);
    if (l1[table] != 0) {
      file.readOrZeros(l1[table] + slot * 8L, entries);
      entries.clear();
    }
    boolean changed = false;
    for (int i = 0; i < count; i++) {
      long before = entries.getLong(i * 8);
      long entry = entry(before, zero[from + i], packed[from + i], places, from + i);
      changed |= entry != before;
      entries.putLong(i * 8, entry);
    }
    if (changed) {
      if (l1[table] == 0) {
        l1[table] = space.cluster();
      }
      file.write(l1[table] + slot * 8L, entries);
    }
  }

  private long entry(long before, boolean zero, byte[] packed, long[] places, int index)
      throws IOException {
    if ((before & Qcow2Header.COMPRESSED) != 0) {
      throw new IllegalStateException("a compressed cluster may be written only once");
    }
    long host = before & Qcow2Header.OFFSET_MASK;
    if (host != 0) {
      places[index] = host;
      return before;
    }
    if (zero) {
      return options.backing().isPresent() ? Qcow2Header.ZERO : 0;
    }
    if (packed.length > 0) {
      long at = space.packed(packed.length);
      places[index] = at;
      long sectors = (at + packed.length - 1) / 512 - at / 512;
      return Qcow2Header.COMPRESSED | (sectors << Qcow2Header.SECTORS_SHIFT) | at;
    }
    places[index] = space.cluster();
    return Qcow2Header.COPIED | places[index];
  }

  @Override
  public synchronized void finish() throws IOException {
    ByteBuffer table = ByteBuffer.allocate(l1.length * 8);
    for (long offset : l1) {
      table.putLong(offset == 0 ? 0 : Qcow2Header.COPIED | offset);
    }
    file.write(header.l1Offset(), table.flip());
    space.finish(header.refcountTableOffset());
    file.write(0, header.encode());
    file.sync();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
