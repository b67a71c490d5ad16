package io.sendense.images;

import io.sendense.domain.BlockRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Reads a dynamic VHDX without parent and with an empty log. */
public final class VhdxReader implements ImageReader {
  private final ImageFile file;
  private final VhdxLayout layout;
  private final ByteBuffer table;

  private VhdxReader(ImageFile file, VhdxLayout layout, ByteBuffer table) {
    this.file = file;
    this.layout = layout;
    this.table = table;
  }

  public static VhdxReader open(Path path) throws IOException {
    ImageFile file = ImageFile.open(path);
    try {
      checkHeaders(file);
      Map<UUID, Long> regions = regions(file);
      VhdxLayout layout = metadata(file, regions.getOrDefault(VhdxLayout.METADATA, 0L));
      long tableAt = regions.getOrDefault(VhdxLayout.BAT, 0L);
      ByteBuffer table = file.read(tableAt, layout.entries() * 8, ByteOrder.LITTLE_ENDIAN);
      return new VhdxReader(file, layout, table);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static void checkHeaders(ImageFile file) throws IOException {
    ByteBuffer first = sealed(file, VhdxLayout.HEADER_1_AT, VhdxLayout.HEADER_BYTES, "daeh");
    ByteBuffer second = sealed(file, VhdxLayout.HEADER_2_AT, VhdxLayout.HEADER_BYTES, "daeh");
    ByteBuffer current = first.getLong(8) > second.getLong(8) ? first : second;
    check(current.getLong(48) == 0 && current.getLong(56) == 0, "its log is not empty");
    check(current.getShort(66) == 1, "it is not of version 1");
  }

  private static Map<UUID, Long> regions(ImageFile file) throws IOException {
    Map<UUID, Long> found = new HashMap<>();
    for (long at : new long[] {VhdxLayout.REGIONS_1_AT, VhdxLayout.REGIONS_2_AT}) {
      ByteBuffer in = sealed(file, at, VhdxLayout.REGIONS_BYTES, "iger");
      int count = in.getInt(8);
      check(count >= 0 && count <= 2047, "it has an impossible number of regions");
      for (int i = 0; i < count; i++) {
        in.position(16 + 32 * i);
        found.put(VhdxLayout.guid(in), in.getLong());
      }
    }
    check(found.containsKey(VhdxLayout.BAT), "it has no block table");
    check(found.containsKey(VhdxLayout.METADATA), "it has no metadata");
    return found;
  }

  private static VhdxLayout metadata(ImageFile file, long at) throws IOException {
    ByteBuffer in = file.read(at, VhdxLayout.METADATA_BYTES, ByteOrder.LITTLE_ENDIAN);
    long size = 0;
    int block = 0;
    int count = in.getShort(10);
    check(count >= 0 && count <= 2047, "it has an impossible number of metadata items");
    for (int i = 0; i < count; i++) {
      in.position(32 + 32 * i);
      UUID id = VhdxLayout.guid(in);
      int item = in.getInt();
      check(item >= 0 && item <= VhdxLayout.METADATA_BYTES - 16, "a metadata item is outside");
      if (id.equals(VhdxLayout.FILE_PARAMETERS)) {
        block = in.getInt(item);
        check((in.getInt(item + 4) & 2) == 0, "it has a parent");
      } else if (id.equals(VhdxLayout.DISK_SIZE)) {
        size = in.getLong(item);
      }
    }
    check(size > 0 && size <= 64L << 40, "its size is impossible");
    check(
        block >= VhdxLayout.MIB && block <= 256 * VhdxLayout.MIB && Integer.bitCount(block) == 1,
        "its block size is impossible");
    return new VhdxLayout(size, block);
  }

  /** A structure with its checksum; its signature as the number that its four letters make. */
  private static ByteBuffer sealed(ImageFile file, long at, int length, String turned)
      throws IOException {
    ByteBuffer in = file.read(at, length, ByteOrder.LITTLE_ENDIAN);
    int signature =
        ByteBuffer.wrap(turned.getBytes(java.nio.charset.StandardCharsets.US_ASCII)).getInt();
    check(in.getInt(0) == signature, "there is no VHDX structure at byte " + at);
    check(
        in.getInt(4) == VhdxLayout.checksum(ImageFile.content(in)),
        "the checksum at " + at + " is wrong");
    return in;
  }

  @Override
  public long sizeBytes() {
    return layout.sizeBytes();
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    check(offset >= 0 && offset <= sizeBytes() - target.remaining(), "a read is outside the disk");
    long at = offset;
    while (target.hasRemaining()) {
      int within = (int) (at % layout.blockBytes());
      int length = Math.min(layout.blockBytes() - within, target.remaining());
      long place = place((int) (at / layout.blockBytes()));
      if (place == 0) {
        ImageFile.putZeros(target, length);
      } else {
        file.read(place + within, target.slice(target.position(), length));
        target.position(target.position() + length);
      }
      at += length;
    }
  }

  @Override
  public List<BlockRange> allocated(BlockRange within) throws IOException {
    Runs runs = new Runs(within);
    long first = within.offset() / layout.blockBytes();
    long last = (within.end() - 1) / layout.blockBytes();
    for (long block = first; block <= last; block++) {
      if (place((int) block) != 0) {
        runs.add(block * layout.blockBytes(), layout.blockBytes());
      }
    }
    return runs.list();
  }

  private long place(int block) throws IOException {
    long entry = table.getLong(layout.entryOf(block) * 8);
    return switch ((int) entry & 7) {
      case VhdxLayout.BLOCK_PRESENT -> entry >>> 20 << 20;
      case 0, 1, VhdxLayout.BLOCK_ZERO, 3 -> 0;
      default -> throw new ImageDamage("block " + block + " is in an impossible state");
    };
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
