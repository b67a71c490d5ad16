package io.sendense.repository.format;

import io.sendense.domain.BlockRange;
import java.util.List;
import java.util.Map;

/**
 * Makes one restore point. Chunks may be written in any order from many threads at once; writing
 * the same chunk again replaces what was written before, if the first call has returned. Nothing is
 * visible until {@link #seal} has returned. A failed writer keeps failing and harms no earlier
 * point.
 *
 * <p>Chunks never written keep the parent's content, or zeros where there is no parent.
 */
public interface PointWriter extends AutoCloseable {
  /** The point this becomes when sealed. */
  PointId id();

  /** Chunk size of a disk: the parent's, or the repository's default. */
  int chunkBytes(int disk);

  /**
   * Writes one chunk: tests for zeros, hashes, compares with the parent, looks for a stored copy
   * and only then compresses and seals. The array may be reused after the return. May wait for the
   * store, at most as long as a put takes.
   *
   * @param disk position in the draft's list
   * @param chunkIndex counted in chunks from the disk's start
   * @param length the chunk size, or what is left of the disk for its last chunk
   * @throws io.sendense.domain.SendenseException NO_SPACE, STORE_UNAVAILABLE and others of the
   *     store; STORE_DAMAGED where the parent's tree cannot be read
   */
  WriteOutcome write(int disk, long chunkIndex, byte[] data, int length);

  /**
   * Whether data equals the parent's chunk at this place, by its identity; writes nothing. For
   * sampling outside a tracker's change set. Without a parent it compares with zeros.
   */
  boolean matchesParent(int disk, long chunkIndex, byte[] data, int length);

  /**
   * Where the parent's content is recorded as damaged and nowhere else in the repository:
   * ascending, in whole chunks cut to the disk. It has to be written again before {@link #seal},
   * from the source; what was written meanwhile is left out.
   */
  default List<BlockRange> lost(int disk) {
    return List.of();
  }

  /** Notes a chunk of zeros without reading it from anywhere. */
  WriteOutcome zero(int disk, long chunkIndex);

  /**
   * Notes a run of chunks of zeros. Costs what the parent or this writer holds there, so that a
   * hole in a huge sparse disk costs next to nothing.
   */
  default void zeros(int disk, long firstChunk, long count) {
    for (long chunk = firstChunk; chunk < firstChunk + count; chunk++) {
      zero(disk, chunk);
    }
  }

  /** Where the writer stands now. */
  PointStatistics statistics();

  /**
   * Finishes the point: stores what is buffered, reads back from the store everything this writer
   * stored, proves that every chunk decodes to its identity, and only then publishes the point. The
   * writer is spent afterwards, also on failure. Not concurrent with {@link #write}.
   *
   * @param annotations up to 64, keys to 100 and values to 4,000 characters
   * @param beforePublishing runs when all else is done and nothing is visible yet; what it throws
   *     ends the writer without a point
   * @throws io.sendense.domain.SendenseException STORE_DAMAGED where the read-back differs, or
   *     where content that the parent lost was not written again; DEADLINE_EXCEEDED where the
   *     writer took longer than the repository allows before its objects may be collected; the
   *     store's own failures. No point was published
   */
  RestorePoint seal(Map<String, String> annotations, Runnable beforePublishing);

  /** The same with nothing to do before publishing. */
  default RestorePoint seal(Map<String, String> annotations) {
    return seal(annotations, () -> {});
  }

  /**
   * Gives the point up; what was stored stays for the next writer to reuse. May be called twice.
   */
  void abandon();

  /** Without an earlier {@link #seal} the same as {@link #abandon}. */
  @Override
  void close();
}
