package io.sendense.engine;

import io.sendense.domain.BlockRange;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A set of a disk's chunks, by index. Fixed-size chunks; the last one may be shorter. Built by one
 * thread, then only read.
 */
final class ChunkSet {
  private final BitSet chunks;
  private final int chunkCount;
  private final int chunkBytes;
  private final long sizeBytes;

  private ChunkSet(BitSet chunks, int chunkCount, int chunkBytes, long sizeBytes) {
    this.chunks = chunks;
    this.chunkCount = chunkCount;
    this.chunkBytes = chunkBytes;
    this.sizeBytes = sizeBytes;
  }

  static ChunkSet none(long sizeBytes, int chunkBytes) {
    int count = Math.toIntExact((sizeBytes + chunkBytes - 1) / chunkBytes);
    return new ChunkSet(new BitSet(), count, chunkBytes, sizeBytes);
  }

  /** Every chunk of a disk. */
  static ChunkSet all(long sizeBytes, int chunkBytes) {
    return none(sizeBytes, chunkBytes).complement();
  }

  /** The chunks that any of the ranges touches; what lies beyond the disk's end is left out. */
  static ChunkSet touchedBy(List<BlockRange> ranges, long sizeBytes, int chunkBytes) {
    ChunkSet set = none(sizeBytes, chunkBytes);
    for (BlockRange range : ranges) {
      if (range.offset() < sizeBytes) {
        long end = Math.min(range.end(), sizeBytes);
        set.chunks.set(
            (int) (range.offset() / chunkBytes), (int) ((end + chunkBytes - 1) / chunkBytes));
      }
    }
    return set;
  }

  /** All chunks of the disk that are not in this set. */
  ChunkSet complement() {
    ChunkSet rest = none(sizeBytes, chunkBytes);
    rest.chunks.set(0, chunkCount);
    rest.chunks.andNot(chunks);
    return rest;
  }

  /** The chunks of both sets, which are of the same disk. */
  ChunkSet with(ChunkSet other) {
    ChunkSet both = none(sizeBytes, chunkBytes);
    both.chunks.or(chunks);
    both.chunks.or(other.chunks);
    return both;
  }

  int chunkCount() {
    return chunkCount;
  }

  int size() {
    return chunks.cardinality();
  }

  boolean contains(int chunk) {
    return chunks.get(chunk);
  }

  /** First chunk of the set at or after {@code from}; -1 where there is none. */
  int next(int from) {
    return chunks.nextSetBit(from);
  }

  /** Bytes of the chunks in the set. */
  long bytes() {
    long whole = (long) size() * chunkBytes;
    return chunkCount > 0 && contains(chunkCount - 1)
        ? whole - chunkBytes + length(chunkCount - 1)
        : whole;
  }

  /** First chunk at or after {@code from} that is not in the set. */
  int nextAbsent(int from) {
    return chunks.nextClearBit(from);
  }

  /** Where the chunk is on the disk. */
  BlockRange range(int chunk) {
    return new BlockRange((long) chunk * chunkBytes, length(chunk));
  }

  private int length(int chunk) {
    return (int) Math.min(chunkBytes, sizeBytes - (long) chunk * chunkBytes);
  }

  /** At most {@code limit} chunks of this set, each of its chunks as likely as any other. */
  ChunkSet sample(int limit, RandomGenerator random) {
    ChunkSet sample = none(sizeBytes, chunkBytes);
    int left = size();
    // Drawing at random finds few of a set that is nearly all of a huge disk at once, and may find
    // none of one that is a small part of it.
    if (left > 4L * limit && left > chunkCount / 4) {
      for (int found = 0; found < limit; ) {
        int chunk = random.nextInt(chunkCount);
        if (contains(chunk) && !sample.contains(chunk)) {
          sample.chunks.set(chunk);
          found++;
        }
      }
      return sample;
    }
    int wanted = Math.min(limit, left);
    for (int chunk = next(0); chunk >= 0 && wanted > 0; chunk = next(chunk + 1)) {
      if (random.nextInt(left) < wanted) {
        sample.chunks.set(chunk);
        wanted--;
      }
      left--;
    }
    return sample;
  }
}
