package io.sendense.recovery.btrfs;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.Zeros;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The content of one file: parts in its items, on the volume, packed, or nowhere. */
final class BtrfsContent implements Content {
  private static final Bytes NONE = Bytes.of(new byte[0], "btrfs", "hole", 0);

  private final BtrfsFileSystem system;
  private final Tree tree;
  private final long inode;
  private final long sizeBytes;
  private final boolean summed;
  private @Nullable Extent last;
  private byte[] unpacked = {};
  private @Nullable Bytes unpackedOf;

  BtrfsContent(BtrfsFileSystem system, Tree tree, long inode, long sizeBytes, boolean summed) {
    this.system = system;
    this.tree = tree;
    this.inode = inode;
    this.sizeBytes = sizeBytes;
    this.summed = summed;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public Run run(long offset) {
    Extent extent = extent(offset);
    long length = Math.min(extent.length() - (offset - extent.start()), sizeBytes - offset);
    return new Run(offset, length, extent.kind() != Extent.Kind.ZEROS);
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    long at = offset;
    int limit = target.limit();
    while (target.position() < limit) {
      Extent extent = extent(at);
      long within = at - extent.start();
      int count = (int) Math.min(limit - target.position(), extent.length() - within);
      if (extent.kind() == Extent.Kind.ZEROS) {
        Zeros.put(target, count);
      } else if (extent.kind() == Extent.Kind.INLINE || extent.packing() != 0) {
        target.put(unpacked(extent), (int) (extent.within() + within), count);
      } else {
        target.limit(target.position() + count);
        system.data().read(extent.place() + extent.within() + within, target, summed, what());
        target.limit(limit);
      }
      at += count;
    }
  }

  private byte[] unpacked(Extent extent) {
    if (unpackedOf == extent.item()) {
      return unpacked;
    }
    boolean inline = extent.kind() == Extent.Kind.INLINE;
    byte[] packed;
    if (inline) {
      packed = extent.item().copy(Extent.INLINE_HEAD, (int) extent.packedBytes());
    } else {
      packed = new byte[(int) extent.packedBytes()];
      system.data().read(extent.place(), ByteBuffer.wrap(packed), summed, what());
    }
    int whole = (int) extent.wholeBytes();
    unpacked =
        extent.packing() == 0
            ? Arrays.copyOf(packed, whole)
            : Unpacking.unpack(
                extent.packing(), packed, whole, system.head().sectorBytes, extent.item());
    unpackedOf = extent.item();
    return unpacked;
  }

  private Extent extent(long offset) {
    Extent known = last;
    if (known != null && known.holds(offset)) {
      return known;
    }
    Extent found = find(offset);
    last = found;
    return found;
  }

  private Extent find(long offset) {
    Cursor cursor = tree.from(new Key(inode, Key.EXTENT, offset));
    long end = Long.MAX_VALUE;
    if (cursor.valid() && cursor.key().of(inode, Key.EXTENT)) {
      if (cursor.key().offset() == offset) {
        return Extent.read(cursor.key(), cursor.item(), system.head().sectorBytes);
      }
      end = cursor.key().offset();
    }
    if (cursor.previous() && cursor.key().of(inode, Key.EXTENT)) {
      Extent before = Extent.read(cursor.key(), cursor.item(), system.head().sectorBytes);
      if (before.holds(offset)) {
        return before;
      }
    }
    if (end <= offset) {
      throw NONE.damaged("the parts of " + what() + " do not ascend at " + offset);
    }
    return Extent.hole(offset, end - offset, NONE);
  }

  private String what() {
    return "file " + inode;
  }
}
