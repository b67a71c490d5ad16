package io.sendense.repository.format;

import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The one implementation of {@link StoredDisk}, which says what it promises. */
final class SealedDisk implements StoredDisk {
  private static final byte[] ZEROS = new byte[64 << 10];

  private final PointId point;
  private final PointDisk disk;
  private final Optional<Ref> top;
  private final BlobSource blobs;
  private final ChunkCache cache;
  private final TreeReader tree;

  SealedDisk(PointId point, PointDisk disk, Optional<Ref> top, BlobSource blobs, ChunkCache cache) {
    this.point = point;
    this.disk = disk;
    this.top = top;
    this.blobs = blobs;
    this.cache = cache;
    tree = new TreeReader(blobs, disk.chunks(), top);
  }

  @Override
  public String name() {
    return disk.name();
  }

  @Override
  public long sizeBytes() {
    return disk.sizeBytes();
  }

  @Override
  public int chunkBytes() {
    return disk.chunkBytes();
  }

  @Override
  public RootHash rootHash() {
    return disk.root();
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    checkRange(offset, target.remaining());
    long at = offset;
    while (target.hasRemaining()) {
      long chunk = at / disk.chunkBytes();
      int from = (int) (at % disk.chunkBytes());
      int length = Math.min(disk.chunkBytes() - from, target.remaining());
      try {
        readChunk(tree.chunk(chunk), from, length, target);
      } catch (SendenseException e) {
        throw affected(e, chunk);
      }
      at += length;
    }
  }

  @Override
  public List<BlockRange> allocated(BlockRange within) {
    checkRange(within.offset(), within.length());
    Ranges found = new Ranges(disk.chunkBytes(), within);
    long first = within.offset() / disk.chunkBytes();
    long last = (within.end() - 1) / disk.chunkBytes();
    collect(tree, new TreeReader(blobs, disk.chunks(), Optional.empty()), first, last, found);
    return found.list();
  }

  @Override
  public List<BlockRange> diff(StoredDisk other) {
    if (!(other instanceof SealedDisk sealed) || other.chunkBytes() != chunkBytes()) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "disks " + name() + " and " + other.name() + " cannot be compared by their trees",
          "Only disks of one chunk size can; compare their content instead.");
    }
    Ranges found = new Ranges(disk.chunkBytes(), new BlockRange(0, sizeBytes()));
    collect(tree, sealed.tree, 0, disk.chunks() - 1, found);
    // A chunk padded with zeros has the same identity whatever the disk's size, so a grown disk
    // differs only where it holds data.
    return found.list();
  }

  PointDisk description() {
    return disk;
  }

  Optional<Ref> top() {
    return top;
  }

  /** Chunks of [first, last] whose identity is not the same in both trees. */
  private static void collect(
      TreeReader one, TreeReader other, long first, long last, Ranges found) {
    int level = Math.max(one.height(), other.height()) - 1;
    collect(one, other, level, 0, first, last, found);
  }

  private static void collect(
      TreeReader one,
      TreeReader other,
      int level,
      long index,
      long first,
      long last,
      Ranges found) {
    if (level < one.height() && level < other.height()) {
      if (same(one.node(level, index), other.node(level, index))) {
        return;
      }
    }
    int bits = Node.FANOUT_BITS * level;
    for (int place = 0; place < Node.FANOUT; place++) {
      long child = (index << Node.FANOUT_BITS) + place;
      if (child > last >>> bits || child < first >>> bits) {
        continue;
      }
      if (level > 0) {
        collect(one, other, level - 1, child, first, last, found);
      } else if (!same(one.chunk(child), other.chunk(child))) {
        found.addChunk(child);
      }
    }
  }

  private static boolean same(@Nullable Ref one, @Nullable Ref other) {
    return java.util.Objects.equals(one, other);
  }

  private void readChunk(@Nullable Ref chunk, int from, int length, ByteBuffer target) {
    if (chunk == null) {
      putZeros(target, length);
      return;
    }
    if (length < disk.chunkBytes()) {
      cache.copy(chunk, from, length, target);
      return;
    }
    BlobCodec codec = blobs.codecs().borrow();
    try {
      blobs.chunk(codec, chunk, target);
      target.position(target.position() + length);
    } finally {
      blobs.codecs().giveBack(codec);
    }
  }

  private static void putZeros(ByteBuffer target, int length) {
    if (target.hasArray()) {
      int at = target.arrayOffset() + target.position();
      Arrays.fill(target.array(), at, at + length, (byte) 0);
      target.position(target.position() + length);
      return;
    }
    for (int done = 0; done < length; done += ZEROS.length) {
      target.put(ZEROS, 0, Math.min(ZEROS.length, length - done));
    }
  }

  private SendenseException affected(SendenseException e, long chunk) {
    if (!Damage.isContent(e)) {
      return e;
    }
    long from = chunk * disk.chunkBytes();
    long to = Math.min(from + disk.chunkBytes(), disk.sizeBytes());
    return new SendenseException(
        e.code(),
        "bytes ["
            + from
            + ", "
            + to
            + ") of disk "
            + disk.name()
            + " of restore point "
            + point
            + " cannot be read: "
            + e.getMessage(),
        e.remedy(),
        e);
  }

  private void checkRange(long offset, long length) {
    if (offset < 0 || length > disk.sizeBytes() || offset > disk.sizeBytes() - length) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "bytes ["
              + offset
              + ", "
              + (offset + length)
              + ") are not within disk "
              + disk.name()
              + " of "
              + disk.sizeBytes()
              + " bytes",
          "");
    }
  }

  /** Gathers ascending chunks into ranges cut to a window. */
  private static final class Ranges {
    private final int chunkBytes;
    private final BlockRange window;
    private final List<BlockRange> done = new ArrayList<>();
    private long start = -1;
    private long end = -1;

    Ranges(int chunkBytes, BlockRange window) {
      this.chunkBytes = chunkBytes;
      this.window = window;
    }

    void addChunk(long chunk) {
      long from = chunk * chunkBytes;
      if (from != end) {
        finish();
        start = from;
      }
      end = from + chunkBytes;
    }

    List<BlockRange> list() {
      finish();
      return List.copyOf(done);
    }

    private void finish() {
      long from = Math.max(start, window.offset());
      long to = Math.min(end, window.end());
      if (start >= 0 && from < to) {
        done.add(new BlockRange(from, to - from));
      }
      start = -1;
      end = -1;
    }
  }
}
