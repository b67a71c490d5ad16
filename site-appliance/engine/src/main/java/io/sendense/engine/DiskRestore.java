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

  DiskRestore(JobContext context, StoredDisk stored, TargetDisk target) {
    this.context = context;
    this.stored = stored;
    this.target = target;
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
          ByteBuffer buffer = ByteBuffer.allocate(stored.chunkBytes());
          return () -> {
            Optional<ChunkQueue.Chunk> chunk = queue.take();
            chunk.ifPresent(
                next -> {
                  writeOne(next, buffer);
                  meter.add(next.range().length());
                });
            return chunk.isPresent();
          };
        });
  }

  private void writeOne(ChunkQueue.Chunk chunk, ByteBuffer buffer) {
    if (chunk.data().isEmpty()) {
      return;
    }
    BlockRange range = chunk.range();
    buffer.clear().limit((int) range.length());
    stored.read(range.offset(), buffer);
    target.write(range.offset(), buffer.flip());
    bytesWritten.addAndGet(range.length());
  }

  /**
   * Reads the target back and compares it with the tree. A chunk that is a hole in both, by the
   * target medium's own word, is zeros on both sides and is not read.
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
            BlockRange range = there.get().range();
            if (!there.get().data().isEmpty() || !here.get().data().isEmpty()) {
              proveOne(range, expected, found);
            }
            meter.add(range.length());
            return true;
          };
        });
  }

  private void proveOne(BlockRange range, byte[] expected, byte[] found) {
    int length = (int) range.length();
    stored.read(range.offset(), ByteBuffer.wrap(expected, 0, length));
    target.readBack(range.offset(), ByteBuffer.wrap(found, 0, length));
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
