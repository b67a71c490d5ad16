package io.sendense.engine;

import io.sendense.connectors.spi.DiskReader;
import io.sendense.domain.BlockRange;
import io.sendense.repository.format.PointWriter;
import io.sendense.repository.format.WriteOutcome;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Moves one disk's chunks from a reader to a writer, many at once. Each worker reads into one array
 * of its own, which the writer has done with when it returns.
 */
final class DiskBackup {
  // Below this a gap costs less to read than a further request.
  private static final int GAP_BYTES_MIN = 64 << 10;

  private final JobContext context;
  private final PointWriter writer;
  private final AtomicLong bytesRead = new AtomicLong();
  private final AtomicLong bytesChanged = new AtomicLong();

  DiskBackup(JobContext context, PointWriter writer) {
    this.context = context;
    this.writer = writer;
  }

  long bytesRead() {
    return bytesRead.get();
  }

  long bytesChanged() {
    return bytesChanged.get();
  }

  /** Reads the plan's chunks and hands them to the writer. */
  void store(DiskPlan plan, ProgressMeter meter) {
    DiskReader reader = plan.disk().reader();
    ChunkQueue queue = new ChunkQueue(plan.chunks(), reader::allocated);
    int chunkBytes = writer.chunkBytes(plan.index());
    ChunkWorkers.run(
        threadsFor(plan.chunks()),
        context.control(),
        () -> {
          byte[] data = new byte[chunkBytes];
          ByteBuffer buffer = ByteBuffer.wrap(data);
          return () -> {
            Optional<ChunkQueue.Chunk> chunk = queue.takeRun();
            chunk.ifPresent(
                next -> {
                  storeOne(plan, reader, next, data, buffer);
                  meter.add(next.range().length());
                });
            return chunk.isPresent();
          };
        });
  }

  private void storeOne(
      DiskPlan plan, DiskReader reader, ChunkQueue.Chunk chunk, byte[] data, ByteBuffer buffer) {
    if (chunk.data().isEmpty()) {
      if (plan.inherits()) {
        long count = Math.ceilDiv(chunk.range().length(), writer.chunkBytes(plan.index()));
        writer.zeros(plan.index(), chunk.index(), count);
      }
      return;
    }
    read(reader, chunk, data, buffer);
    count(chunk, writer.write(plan.index(), chunk.index(), data, (int) chunk.range().length()));
  }

  private void count(ChunkQueue.Chunk chunk, WriteOutcome outcome) {
    switch (outcome) {
      case STORED, DEDUPLICATED -> bytesChanged.addAndGet(chunk.range().length());
      case ZERO, UNCHANGED -> {}
    }
  }

  private void read(DiskReader reader, ChunkQueue.Chunk chunk, byte[] data, ByteBuffer buffer) {
    long start = chunk.range().offset();
    List<BlockRange> parts = chunk.data();
    long held = parts.stream().mapToLong(BlockRange::length).sum();
    if (chunk.range().length() - held < GAP_BYTES_MIN) {
      parts = List.of(chunk.range());
    } else {
      Arrays.fill(data, 0, (int) chunk.range().length(), (byte) 0);
    }
    for (BlockRange part : parts) {
      buffer.clear();
      buffer.position((int) (part.offset() - start)).limit((int) (part.end() - start));
      context.settings().source().pass(part.length(), context.control());
      reader.read(part.offset(), buffer);
      bytesRead.addAndGet(part.length());
    }
  }

  /**
   * Compares a sample of what the plan leaves out with what is stored; writes nothing.
   *
   * @return the first place found that differs
   */
  Optional<BlockRange> sample(DiskPlan plan, ChunkSet sample) {
    DiskReader reader = plan.disk().reader();
    AtomicReference<@Nullable BlockRange> lie = new AtomicReference<>();
    ChunkQueue queue = new ChunkQueue(sample, List::of);
    int chunkBytes = writer.chunkBytes(plan.index());
    ChunkWorkers.run(
        threadsFor(sample),
        context.control(),
        () -> {
          byte[] data = new byte[chunkBytes];
          ByteBuffer buffer = ByteBuffer.wrap(data);
          return () -> {
            Optional<ChunkQueue.Chunk> chunk = queue.take();
            if (chunk.isEmpty() || lie.get() != null) {
              return false;
            }
            BlockRange range = chunk.get().range();
            read(reader, chunk.get(), data, buffer);
            if (!writer.matchesParent(
                plan.index(), chunk.get().index(), data, (int) range.length())) {
              lie.compareAndSet(null, range);
            }
            return true;
          };
        });
    return Optional.ofNullable(lie.get());
  }

  private int threadsFor(ChunkSet chunks) {
    return Math.clamp(chunks.size(), 1, context.settings().threads());
  }
}
