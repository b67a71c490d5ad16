package io.sendense.images;

import io.sendense.domain.BlockRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Reads a streamOptimized VMDK by the directory that its footer names. */
public final class VmdkReader implements ImageReader {
  private static final int TABLES_KEPT = 256;
  private static final long SIZE_MAX = 64L << 40;

  private final ImageFile file;
  private final long sizeBytes;
  private final ByteBuffer directory;
  private final Map<Integer, ByteBuffer> tables =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, ByteBuffer> eldest) {
          return size() > TABLES_KEPT;
        }
      };

  private VmdkReader(ImageFile file, long sizeBytes, ByteBuffer directory) {
    this.file = file;
    this.sizeBytes = sizeBytes;
    this.directory = directory;
  }

  public static VmdkReader open(Path path) throws IOException {
    ImageFile file = ImageFile.open(path);
    try {
      ByteBuffer head = file.read(0, VmdkLayout.SECTOR, ByteOrder.LITTLE_ENDIAN);
      check(head.getInt(0) == VmdkLayout.MAGIC, "it does not begin like a vmdk file");
      check(head.getLong(56) == VmdkLayout.DIRECTORY_AT_END, "it is not streamOptimized");
      long footerAt = file.length() - 2L * VmdkLayout.SECTOR;
      ByteBuffer foot = file.read(footerAt, VmdkLayout.SECTOR, ByteOrder.LITTLE_ENDIAN);
      check(foot.getInt(0) == VmdkLayout.MAGIC, "it has no footer");
      check(foot.getLong(12) == head.getLong(12), "header and footer differ in size");
      check(foot.getLong(20) == VmdkLayout.GRAIN / VmdkLayout.SECTOR, "its grains are not 64 KiB");
      check(foot.getInt(44) == VmdkLayout.GRAINS_PER_TABLE, "its tables are not of 512 grains");
      long size = foot.getLong(12) * VmdkLayout.SECTOR;
      check(size > 0 && size <= SIZE_MAX, "its size is impossible");
      long directoryAt = foot.getLong(56) * VmdkLayout.SECTOR;
      ByteBuffer directory =
          file.read(directoryAt, VmdkLayout.tablesFor(size) * 4, ByteOrder.LITTLE_ENDIAN);
      return new VmdkReader(file, size, directory);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    check(offset >= 0 && offset <= sizeBytes - target.remaining(), "a read is outside the disk");
    long at = offset;
    byte[] grain = new byte[VmdkLayout.GRAIN];
    while (target.hasRemaining()) {
      int within = (int) (at % VmdkLayout.GRAIN);
      int length = Math.min(VmdkLayout.GRAIN - within, target.remaining());
      long index = at / VmdkLayout.GRAIN;
      long place = place(index);
      if (place == 0) {
        ImageFile.putZeros(target, length);
      } else {
        unpack(index, place, grain);
        target.put(grain, within, length);
      }
      at += length;
    }
  }

  private void unpack(long index, long place, byte[] grain) throws IOException {
    ByteBuffer marker = file.read(place, VmdkLayout.MARKER_GRAIN_BYTES, ByteOrder.LITTLE_ENDIAN);
    int size = marker.getInt(8);
    check(
        marker.getLong(0) == index * (VmdkLayout.GRAIN / VmdkLayout.SECTOR)
            && size > 0
            && size <= 2 * VmdkLayout.GRAIN,
        "the marker of grain " + index + " is wrong");
    ByteBuffer packed =
        file.read(place + VmdkLayout.MARKER_GRAIN_BYTES, size, ByteOrder.LITTLE_ENDIAN);
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(packed);
      check(
          inflater.inflate(grain) == grain.length
              && inflater.inflate(new byte[1]) == 0
              && inflater.finished(),
          "grain " + index + " is not of 64 KiB");
    } catch (DataFormatException e) {
      throw new ImageDamage("grain " + index + " does not inflate: " + e.getMessage());
    }
  }

  @Override
  public List<BlockRange> allocated(BlockRange within) throws IOException {
    Runs runs = new Runs(within);
    long grain = within.offset() / VmdkLayout.GRAIN;
    while (grain * VmdkLayout.GRAIN < within.end()) {
      int table = (int) (grain / VmdkLayout.GRAINS_PER_TABLE);
      if (directory.getInt(table * 4) == 0) {
        grain = (table + 1L) * VmdkLayout.GRAINS_PER_TABLE;
        continue;
      }
      if (place(grain) != 0) {
        runs.add(grain * VmdkLayout.GRAIN, VmdkLayout.GRAIN);
      }
      grain++;
    }
    return runs.list();
  }

  private long place(long grain) throws IOException {
    int index = (int) (grain / VmdkLayout.GRAINS_PER_TABLE);
    long tableAt = Integer.toUnsignedLong(directory.getInt(index * 4)) * VmdkLayout.SECTOR;
    if (tableAt == 0) {
      return 0;
    }
    int slot = (int) (grain % VmdkLayout.GRAINS_PER_TABLE) * 4;
    return Integer.toUnsignedLong(table(index, tableAt).getInt(slot)) * VmdkLayout.SECTOR;
  }

  private ByteBuffer table(int index, long at) throws IOException {
    synchronized (tables) {
      ByteBuffer known = tables.get(index);
      if (known == null) {
        known = file.read(at, VmdkLayout.TABLE_BYTES, ByteOrder.LITTLE_ENDIAN);
        tables.put(index, known);
      }
      return known;
    }
  }

  private static void check(boolean holds, String what) throws ImageDamage {
    if (!holds) {
      throw new ImageDamage(what);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
