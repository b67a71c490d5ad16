package io.sendense.repository.format;

import io.sendense.domain.BlockRange;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One disk of a point being written. Thread-safe. */
final class WrittenDisk {
  private final String name;
  private final long sizeBytes;
  private final int chunkBytes;
  private final long parentSizeBytes;
  private final DiskTree tree;
  private final BitSet lost;
  private final boolean damaged;
  private volatile boolean lastWritten;

  /**
   * @param parentSizeBytes size of the parent's disk; 0 where there is none
   */
  WrittenDisk(
      String name, long sizeBytes, int chunkBytes, long parentSizeBytes, TreeReader parent) {
    this(name, sizeBytes, chunkBytes, parentSizeBytes, parent, new BitSet());
  }

  /**
   * @param lost the parent's chunks that the repository lost: none of them may be inherited
   */
  WrittenDisk(
      String name,
      long sizeBytes,
      int chunkBytes,
      long parentSizeBytes,
      TreeReader parent,
      BitSet lost) {
    this.lost = lost;
    damaged = !lost.isEmpty();
    this.name = name;
    this.sizeBytes = sizeBytes;
    this.chunkBytes = chunkBytes;
    this.parentSizeBytes = parentSizeBytes;
    tree = new DiskTree(chunks(), parent);
  }

  String name() {
    return name;
  }

  int chunkBytes() {
    return chunkBytes;
  }

  DiskTree tree() {
    return tree;
  }

  long chunks() {
    return Math.ceilDiv(sizeBytes, chunkBytes);
  }

  int lengthOf(long chunkIndex) {
    return (int) Math.min(chunkBytes, sizeBytes - chunkIndex * chunkBytes);
  }

  void set(long chunkIndex, @Nullable Ref chunk, Function<Node, Ref> storeNode) {
    tree.set(chunkIndex, chunk, storeNode);
    if (chunkIndex == chunks() - 1) {
      lastWritten = true;
    }
    synchronized (lost) {
      if (!lost.isEmpty()) {
        lost.clear((int) chunkIndex);
      }
    }
  }

  void zeros(long first, long count, Function<Node, Ref> storeNode) {
    tree.zeros(first, count, !damaged, storeNode);
    if (first + count == chunks()) {
      lastWritten = true;
    }
    synchronized (lost) {
      if (!lost.isEmpty()) {
        lost.clear((int) first, Math.toIntExact(first + count));
      }
    }
  }

  /** Where the disk has to be written because the parent's content there is lost. */
  List<BlockRange> lost() {
    synchronized (lost) {
      return LostBlobs.ranges(lost, chunkBytes, sizeBytes);
    }
  }

  boolean lastChunkNeedsCut() {
    return !lastWritten && parentSizeBytes > sizeBytes && sizeBytes % chunkBytes != 0;
  }

  PointDisk sealed(BlobCodec codec, Optional<Ref> top) {
    return new PointDisk(name, sizeBytes, chunkBytes, root(codec, sizeBytes, chunkBytes, top));
  }

  static RootHash root(BlobCodec codec, long sizeBytes, int chunkBytes, Optional<Ref> top) {
    ByteWriter identity = new ByteWriter();
    identity.u64(sizeBytes).u32(chunkBytes);
    identity.u8(TreeReader.height(Math.ceilDiv(sizeBytes, chunkBytes)));
    identity.raw(top.map(Ref::id).orElseGet(() -> new byte[Ref.ID_BYTES]));
    return codec.rootHash(identity.toBytes());
  }
}
