package io.sendense.images;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Writes a dynamic VHDX. Blocks stand in the order in which they were first written; what of a
 * block was never written is a hole of the file.
 */
public final class VhdxWriter implements ImageWriter {
  private final ImageFile file;
  private final VhdxLayout layout;
  private final RandomGenerator random;
  private final int[] placesMib;
  private long end;

  private VhdxWriter(ImageFile file, VhdxLayout layout, RandomGenerator random) {
    this.file = file;
    this.layout = layout;
    this.random = random;
    this.placesMib = new int[layout.blocks()];
    this.end = layout.dataAt();
  }

  /**
   * Makes the file, which must not be there yet.
   *
   * @param sizeBytes as {@link ImageFormat#imageBytes} gives it
   * @param random for the ids of the disk and of this file's content
   */
  public static VhdxWriter create(Path path, long sizeBytes, RandomGenerator random)
      throws IOException {
    return new VhdxWriter(ImageFile.create(path), VhdxLayout.of(sizeBytes), random);
  }

  @Override
  public void write(long offset, ByteBuffer data) throws IOException {
    int length = data.remaining();
    ImageFile.checkWrite(offset, length, layout.sizeBytes());
    byte[] bytes = ImageFile.bytes(data);
    for (int done = 0; done < length; ) {
      int within = (int) ((offset + done) % layout.blockBytes());
      int block = (int) ((offset + done) / layout.blockBytes());
      int part = Math.min(layout.blockBytes() - within, length - done);
      if (isPlaced(block) || !ImageFile.isZero(bytes, done, part)) {
        file.write(place(block) + within, ByteBuffer.wrap(bytes, done, part));
      }
      done += part;
    }
  }

  private synchronized boolean isPlaced(int block) {
    return placesMib[block] != 0;
  }

  private synchronized long place(int block) {
    if (placesMib[block] == 0) {
      placesMib[block] = Math.toIntExact(end / VhdxLayout.MIB);
      end += layout.blockBytes();
    }
    return (long) placesMib[block] * VhdxLayout.MIB;
  }

  @Override
  public synchronized void finish() throws IOException {
    ByteBuffer table = ByteBuffer.allocate(layout.tableBytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int block = 0; block < placesMib.length; block++) {
      long entry =
          placesMib[block] == 0
              ? VhdxLayout.BLOCK_ZERO
              : ((long) placesMib[block] << 20) | VhdxLayout.BLOCK_PRESENT;
      table.putLong(layout.entryOf(block) * 8, entry);
    }
    file.write(VhdxLayout.BAT_AT, table);
    file.write(VhdxLayout.METADATA_AT, layout.metadata(id()));
    file.write(VhdxLayout.REGIONS_1_AT, layout.regions());
    file.write(VhdxLayout.REGIONS_2_AT, layout.regions());
    UUID fileWrite = id();
    UUID dataWrite = id();
    file.write(VhdxLayout.HEADER_1_AT, VhdxLayout.header(1, fileWrite, dataWrite));
    file.write(VhdxLayout.HEADER_2_AT, VhdxLayout.header(2, fileWrite, dataWrite));
    file.write(0, VhdxLayout.identifier());
    file.extend(end);
    file.sync();
  }

  /** Random, RFC 9562 version 4. */
  private UUID id() {
    long high = (random.nextLong() & ~0xf000L) | 0x4000L;
    return new UUID(high, (random.nextLong() >>> 2) | (1L << 63));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
