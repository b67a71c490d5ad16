package io.sendense.images;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Writes a streamOptimized VMDK: grains in ascending order, each deflated, each table behind its
 * grains, the directory at the end. Some readers import such a file as a stream, so the order
 * matters. Grains are packed by several threads, at most a few writes ahead of the file.
 *
 * <p>One thread writes, ascending.
 */
public final class VmdkWriter implements ImageWriter {
  private static final long PACK_SECONDS = 600;
  private static final int WRITES_AHEAD_PER_THREAD = 2;

  private final ImageFile file;
  private final long sizeBytes;
  private final String name;
  private final int contentId;
  private final int writesAhead;
  private final ExecutorService packers;
  private final ArrayDeque<Future<VmdkGrains>> packing = new ArrayDeque<>();
  private final ByteBuffer directory;
  private ByteBuffer table = VmdkLayout.little(VmdkLayout.TABLE_BYTES);
  private long tableIndex = -1;
  private long at = (long) VmdkLayout.FIRST_GRAIN_SECTOR * VmdkLayout.SECTOR;
  private long nextOffset;

  private VmdkWriter(ImageFile file, long sizeBytes, String name, int contentId, int threads) {
    this.file = file;
    this.sizeBytes = sizeBytes;
    this.name = name;
    this.contentId = contentId;
    this.writesAhead = threads * WRITES_AHEAD_PER_THREAD;
    this.packers = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory());
    int entries = VmdkLayout.tablesFor(sizeBytes);
    int sectors = Math.ceilDiv(entries * 4, VmdkLayout.SECTOR);
    this.directory = VmdkLayout.little(sectors * VmdkLayout.SECTOR);
  }

  /**
   * Makes the file, which must not be there yet.
   *
   * @param sizeBytes as {@link ImageFormat#imageBytes} gives it
   * @param name of the file, for its descriptor
   * @param contentId random, by which a reader tells contents apart
   * @param threads that deflate
   */
  public static VmdkWriter create(
      Path path, long sizeBytes, String name, int contentId, int threads) throws IOException {
    // The two highest ids mean that there is none.
    int id = contentId & 0x7fff_ffff;
    return new VmdkWriter(ImageFile.create(path), sizeBytes, name, id, threads);
  }

  @Override
  public boolean ascending() {
    return true;
  }

  @Override
  public void write(long offset, ByteBuffer data) throws IOException {
    int length = data.remaining();
    ImageFile.checkWrite(offset, length, sizeBytes);
    if (offset < nextOffset) {
      throw new IllegalArgumentException("a write at " + offset + " after " + nextOffset);
    }
    nextOffset = offset + length;
    byte[] bytes = Arrays.copyOf(ImageFile.bytes(data), length);
    packing.add(packers.submit(() -> VmdkGrains.pack(offset / VmdkLayout.GRAIN, bytes)));
    while (packing.size() > writesAhead) {
      writeNext();
    }
  }

  private void writeNext() throws IOException {
    VmdkGrains grains = packed(packing.remove());
    for (int i = 0; i < grains.count(); i++) {
      byte[] grain = grains.packed(i);
      if (grain.length == 0) {
        continue;
      }
      long index = grains.first() + i;
      if (index / VmdkLayout.GRAINS_PER_TABLE != tableIndex) {
        endTable();
        tableIndex = index / VmdkLayout.GRAINS_PER_TABLE;
      }
      table.putInt((int) (index % VmdkLayout.GRAINS_PER_TABLE) * 4, VmdkLayout.entry(at));
      append(grain);
    }
  }

  private static VmdkGrains packed(Future<VmdkGrains> future) throws IOException {
    try {
      return future.get(PACK_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("a grain could not be deflated", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while grains were deflated", e);
    }
  }

  private void endTable() throws IOException {
    if (tableIndex >= 0) {
      append(
          VmdkLayout.marker(VmdkLayout.TABLE_BYTES / VmdkLayout.SECTOR, VmdkLayout.MARKER_TABLE));
      directory.putInt((int) tableIndex * 4, VmdkLayout.entry(at));
      append(ImageFile.content(table));
      table = VmdkLayout.little(VmdkLayout.TABLE_BYTES);
    }
  }

  private void append(byte[] sectors) throws IOException {
    file.write(at, sectors);
    at += sectors.length;
  }

  @Override
  public void finish() throws IOException {
    while (!packing.isEmpty()) {
      writeNext();
    }
    endTable();
    append(
        VmdkLayout.marker(directory.capacity() / VmdkLayout.SECTOR, VmdkLayout.MARKER_DIRECTORY));
    long directorySector = Integer.toUnsignedLong(VmdkLayout.entry(at));
    append(ImageFile.content(directory));
    append(VmdkLayout.marker(1, VmdkLayout.MARKER_FOOTER));
    append(VmdkLayout.header(sizeBytes, directorySector));
    append(VmdkLayout.marker(0, VmdkLayout.MARKER_END));
    file.write(VmdkLayout.SECTOR, VmdkLayout.descriptor(sizeBytes, name, contentId));
    file.write(0, VmdkLayout.header(sizeBytes, VmdkLayout.DIRECTORY_AT_END));
    file.sync();
  }

  @Override
  public void close() throws IOException {
    packers.shutdownNow();
    file.close();
  }
}
