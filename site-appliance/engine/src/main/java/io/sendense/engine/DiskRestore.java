package io.sendense.engine;

import io.sendense.connectors.spi.TargetDisk;
import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.format.StoredDisk;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

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
    try (Arena memory = Arena.ofShared()) {
      ChunkWorkers.run(
          target.ascending() ? 1 : context.settings().threads(),
          context.control(),
          () -> {
            Buffer data = new Buffer(memory);
            Buffer found = new Buffer(memory);
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
  }

  /**
   * Outside the heap and at a block's boundary, so that no transfer needs another copy; made when
   * first used, and freed with the arena rather than when the collector finds it. One thread's.
   */
  private final class Buffer {
    private final Arena memory;
    private @Nullable ByteBuffer made;

    Buffer(Arena memory) {
      this.memory = memory;
    }

    /** Empty, with room for so many bytes. */
    ByteBuffer clear(int length) {
      ByteBuffer buffer = made;
      if (buffer == null) {
        buffer = memory.allocate(stored.chunkBytes(), ALIGNMENT).asByteBuffer();
        made = buffer;
      }
      return buffer.clear().limit(length);
    }
  }

  private void writeOne(ChunkQueue.Chunk chunk, Buffer data, Buffer found) {
    if (chunk.data().isEmpty()) {
      return;
    }
    BlockRange range = chunk.range();
    int length = (int) range.length();
    stored.read(range.offset(), data.clear(length));
    target.write(range.offset(), data.clear(length));
    bytesWritten.addAndGet(length);
    if (target.writesThrough(range.offset(), length)) {
      readBack(range, found);
      compare(range, data, found);
      synchronized (proved) {
        proved.set(chunk.index());
      }
    } else {
      sums.note(chunk.index(), data.clear(length));
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
    try (Arena memory = Arena.ofShared()) {
      ChunkWorkers.run(
          context.settings().threads(),
          context.control(),
          () -> {
            Buffer expected = new Buffer(memory);
            Buffer found = new Buffer(memory);
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
  }

  private void proveOne(int chunk, BlockRange range, Buffer expected, Buffer found) {
    int length = (int) range.length();
    readBack(range, found);
    if (sums.matches(chunk, found.clear(length))) {
      return;
    }
    stored.read(range.offset(), expected.clear(length));
    compare(range, expected, found);
  }

  /** What a target leaves unfilled must not be taken for what stood in the buffer before. */
  private void readBack(BlockRange range, Buffer found) {
    ByteBuffer into = found.clear((int) range.length());
    target.readBack(range.offset(), into);
    if (into.hasRemaining()) {
      throw new IllegalStateException("a target left a read unfinished");
    }
  }

  private boolean isProved(int chunk) {
    synchronized (proved) {
      return proved.get(chunk);
    }
  }

  private void compare(BlockRange range, Buffer expected, Buffer found) {
    int length = (int) range.length();
    int at = expected.clear(length).mismatch(found.clear(length));
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
