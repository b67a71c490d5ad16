package io.sendense.engine;

import io.sendense.connectors.spi.TargetDisk;
import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.format.StoredDisk;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Writes one stored disk to a target and proves it there, many chunks at once. */
final class DiskRestore {
  private final JobContext context;
  private final StoredDisk stored;
  private final TargetDisk target;
  private final AtomicLong bytesWritten = new AtomicLong();
  private final ChunkSums sums;

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
          byte[] data = new byte[stored.chunkBytes()];
          return () -> {
            Optional<ChunkQueue.Chunk> chunk = queue.take();
            chunk.ifPresent(
                next -> {
                  writeOne(next, data);
                  meter.add(next.range().length());
                });
            return chunk.isPresent();
          };
        });
  }

  private void writeOne(ChunkQueue.Chunk chunk, byte[] data) {
    if (chunk.data().isEmpty()) {
      return;
    }
    BlockRange range = chunk.range();
    ByteBuffer buffer = ByteBuffer.wrap(data, 0, (int) range.length());
    stored.read(range.offset(), buffer);
    sums.note(chunk.index(), data, (int) range.length());
    target.write(range.offset(), buffer.flip());
    bytesWritten.addAndGet(range.length());
  }

  /**
   * Reads the target back and compares it with what the point gave for it. A chunk that is a hole
   * in both, by the target medium's own word, is zeros on both sides and is not read.
   */
  void prove(ChunkSet chunks, ProgressMeter meter) {
    ChunkQueue queue = new ChunkQueue(chunks, target::allocated);
    ChunkQueue storedQueue = new ChunkQueue(chunks, stored::allocated);
    Object order = new Object();
    ChunkWorkers.run(
        context.settings().threads(),
        context.control(),
        () -> {
          byte[] expected = new byte[stored.chunkBytes()];
          byte[] found = new byte[stored.chunkBytes()];
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
            if (!there.get().data().isEmpty() || !here.get().data().isEmpty()) {
              proveOne(there.get().index(), there.get().range(), expected, found);
            }
            meter.add(there.get().range().length());
            return true;
          };
        });
  }

  private void proveOne(int chunk, BlockRange range, byte[] expected, byte[] found) {
    int length = (int) range.length();
    target.readBack(range.offset(), ByteBuffer.wrap(found, 0, length));
    if (sums.matches(chunk, found, length)) {
      return;
    }
    stored.read(range.offset(), ByteBuffer.wrap(expected, 0, length));
    int at = Arrays.mismatch(expected, 0, length, found, 0, length);
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
