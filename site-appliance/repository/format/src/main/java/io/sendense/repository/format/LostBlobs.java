package io.sendense.repository.format;

import io.sendense.domain.BlockRange;
import io.sendense.domain.SendenseException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What of stored trees cannot be relied on any more: blobs in packs recorded as damaged that no
 * index knows anywhere else. A blob that can still be read where it lies counts as lost too,
 * because its pack is to be left.
 */
final class LostBlobs {
  private final BlobSource blobs;
  private final KnownBlobs known;
  private final DamageMarks marks;
  private final Set<Ref> nodes = ConcurrentHashMap.newKeySet();

  LostBlobs(BlobSource blobs, KnownBlobs known, DamageMarks marks) {
    this.blobs = blobs;
    this.known = known;
    this.marks = marks;
  }

  /**
   * Chunks of a tree that are lost, or lie below a node that is. Reads the whole tree, but nothing
   * where no damage is recorded.
   */
  BitSet find(long chunks, Optional<Ref> top) {
    BitSet lost = new BitSet();
    if (!marks.isEmpty() && top.isPresent()) {
      collect(top.get(), TreeReader.height(chunks) - 1, 0, chunks, lost);
    }
    return lost;
  }

  /** Whether a node was found lost by {@link #find}. */
  boolean hasNode(Ref node) {
    return nodes.contains(node);
  }

  boolean hasChunk(Ref chunk) {
    return known.isLeft(chunk) && known.findLoading(chunk.id(), chunk.at().rawBytes()) == null;
  }

  private void collect(Ref ref, int level, long index, long chunks, BitSet lost) {
    Node node;
    try {
      node = blobs.node(ref);
    } catch (SendenseException e) {
      if (!Damage.isContent(e) || !known.isLeft(ref)) {
        throw e;
      }
      nodes.add(ref);
      int bits = Node.FANOUT_BITS * (level + 1);
      long first = index << bits;
      long end = Math.min(chunks, first + (1L << bits));
      lost.set(Math.toIntExact(first), Math.toIntExact(end));
      return;
    }
    for (int place = 0; place < Node.FANOUT; place++) {
      @Nullable Ref child = node.child(place);
      long position = (index << Node.FANOUT_BITS) + place;
      if (child != null && level > 0) {
        collect(child, level - 1, position, chunks, lost);
      } else if (child != null && hasChunk(child)) {
        lost.set(Math.toIntExact(position));
      }
    }
  }

  static List<BlockRange> ranges(BitSet chunks, int chunkBytes, long sizeBytes) {
    List<BlockRange> ranges = new ArrayList<>();
    for (int from = chunks.nextSetBit(0); from >= 0; ) {
      int to = chunks.nextClearBit(from);
      long start = (long) from * chunkBytes;
      long end = Math.min(sizeBytes, (long) to * chunkBytes);
      if (end > start) {
        ranges.add(new BlockRange(start, end - start));
      }
      from = chunks.nextSetBit(to);
    }
    return ranges;
  }
}
