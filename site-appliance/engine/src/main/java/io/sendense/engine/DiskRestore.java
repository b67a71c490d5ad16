package io.sendense.engine;

import io.sendense.connectors.spi.TargetDisk;
import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.format.StoredDisk;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Writes one stored disk to a target and proves it there, many chunks at once. */
final class DiskRestore {
  /** A page: what media that are reached past the cache ask of a buffer's address. */
  private static final int ALIGNMENT = 4096;

  private final JobContext context;
  private final StoredDisk stored;
  private final TargetDisk target;
  private final AtomicLong bytesWritten = new AtomicLong();
  private final ChunkSums sums;

  /** Chunks read back from the medium and compared while the rest was being written. */
  private final BitSet proved = new BitSet();

  DiskRestore(JobContext context, StoredDisk stored, TargetDisk target) {
    this.context = context;
    this.stored = stored;
    this.target = target;
    sums = new ChunkSums(Math.ceilDiv(stored.sizeBytes(), stored.chunkBytes()));
  }

  long bytesWritten() {
    return bytesWritten.get();
  }

  /** Writes every stored chunk; holes are left as the zeros they already are. */
  void write(ChunkSet chunks, ProgressMeter meter) {
    ChunkQueue queue = new ChunkQueue(chunks, stored::allocated);
    ChunkWorkers.run(
        target.ascending() ? 1 : context.settings().threads(),
        context.control(),
        () -> {
          ByteBuffer data = buffer();
          ByteBuffer found = buffer();
          return () -> {
            Optional<ChunkQueue.Chunk> chunk = queue.take();
            chunk.ifPresent(
                next -> {
                  writeOne(next, data, found);
                  meter.add(next.range().length());
                });
            return chunk.isPresent();
          };
        });
  }

  /** Outside the heap and at a block's boundary, so that no transfer needs another copy. */
  private ByteBuffer buffer() {
    return ByteBuffer.allocateDirect(stored.chunkBytes() + ALIGNMENT).alignedSlice(ALIGNMENT);
  }

  private void writeOne(ChunkQueue.Chunk chunk, ByteBuffer data, ByteBuffer found) {
    if (chunk.data().isEmpty()) {
      return;
    }
    BlockRange range = chunk.range();
    int length = (int) range.length();
    stored.read(range.offset(), data.clear().limit(length));
    target.write(range.offset(), data.clear().limit(length));
    bytesWritten.addAndGet(length);
    if (target.writesThrough(range.offset(), length)) {
      readBack(range, found);
      compare(range, data, found);
      synchronized (proved) {
        proved.set(chunk.index());
      }
    } else {
      sums.note(chunk.index(), data.clear().limit(length));
    }
  }

  /**
   * Reads back what was not proved while it was written, and compares it with what the point gave
   * for it. A chunk that is a hole in both, by the target medium's own word, is zeros on both sides
   * and is not read.
   */
  void prove(ChunkSet chunks, ProgressMeter meter) {
    ChunkQueue queue = new ChunkQueue(chunks, target::allocated);
    ChunkQueue storedQueue = new ChunkQueue(chunks, stored::allocated);
    Object order = new Object();
    ChunkWorkers.run(
        context.settings().threads(),
        context.control(),
        () -> {
          ByteBuffer expected = buffer();
          ByteBuffer found = buffer();
          return () -> {
            Optional<ChunkQueue.Chunk> there;
            Optional<ChunkQueue.Chunk> here;
            synchronized (order) {
              there = queue.take();
              here = storedQueue.take();
            }
            if (there.isEmpty() || here.isEmpty()) {
              return false;
            }
            boolean hole = there.get().data().isEmpty() && here.get().data().isEmpty();
            if (!hole && !isProved(there.get().index())) {
              proveOne(there.get().index(), there.get().range(), expected, found);
            }
            meter.add(there.get().range().length());
            return true;
          };
        });
  }

  private void proveOne(int chunk, BlockRange range, ByteBuffer expected, ByteBuffer found) {
    int length = (int) range.length();
    readBack(range, found);
    if (sums.matches(chunk, found.clear().limit(length))) {
      return;
    }
    stored.read(range.offset(), expected.clear().limit(length));
    compare(range, expected, found);
  }

  /** What a target leaves unfilled must not be taken for what stood in the buffer before. */
  private void readBack(BlockRange range, ByteBuffer found) {
    target.readBack(range.offset(), found.clear().limit((int) range.length()));
    if (found.hasRemaining()) {
      throw new IllegalStateException("a target left a read unfinished");
    }
  }

  private boolean isProved(int chunk) {
    synchronized (proved) {
      return proved.get(chunk);
    }
  }

  private void compare(BlockRange range, ByteBuffer expected, ByteBuffer found) {
    int length = (int) range.length();
    int at = expected.clear().limit(length).mismatch(found.clear().limit(length));
    if (at >= 0) {
      throw new SendenseException(
          ErrorCode.INTERNAL,
          "what was written to disk "
              + stored.name()
              + " reads back differently at byte "
              + (range.offset() + at),
          "Check the target's medium; the restored disk was removed.");
    }
  }
}
