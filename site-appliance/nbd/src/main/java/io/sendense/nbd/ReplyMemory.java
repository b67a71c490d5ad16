package io.sendense.nbd;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Buffers of replies, to be used again: new memory is zeroed before it is filled, twice where the
 * system has to find it first, which took a tenth of the processor time of serving a disk. Netty's
 * own pool gives its large pieces back as soon as they are empty. Thread-safe.
 */
final class ReplyMemory implements AutoCloseable {
  /** What two connections hold by default. */
  private static final long KEPT_BYTES_MAX = 32L << 20;

  private static final int STEP_BYTES = 64 << 10;

  /** By capacity. */
  private final Map<Integer, Deque<ByteBuf>> kept = new HashMap<>();

  private long keptBytes;
  private boolean closed;

  /** An empty direct buffer with room for so many bytes; it can grow. */
  ByteBuf take(int bytes) {
    if (bytes < STEP_BYTES) {
      return PooledByteBufAllocator.DEFAULT.directBuffer(bytes);
    }
    int capacity = Math.ceilDiv(bytes, STEP_BYTES) * STEP_BYTES;
    synchronized (this) {
      Deque<ByteBuf> fitting = kept.get(capacity);
      ByteBuf last = fitting == null ? null : fitting.pollFirst();
      if (last != null) {
        keptBytes -= capacity;
        return last;
      }
    }
    return UnpooledByteBufAllocator.DEFAULT.directBuffer(capacity);
  }

  /** Gives back what {@link #take} gave; whoever else holds it keeps it from being used again. */
  void giveBack(ByteBuf buffer) {
    int capacity = buffer.capacity();
    synchronized (this) {
      if (!closed
          && buffer.refCnt() == 1
          && capacity >= STEP_BYTES
          && keptBytes + capacity <= KEPT_BYTES_MAX) {
        kept.computeIfAbsent(capacity, key -> new ArrayDeque<>()).addFirst(buffer.clear());
        keptBytes += capacity;
        return;
      }
    }
    buffer.release();
  }

  synchronized long keptBytes() {
    return keptBytes;
  }

  @Override
  public synchronized void close() {
    closed = true;
    kept.values().forEach(buffers -> buffers.forEach(ByteBuf::release));
    kept.clear();
    keptBytes = 0;
  }
}
