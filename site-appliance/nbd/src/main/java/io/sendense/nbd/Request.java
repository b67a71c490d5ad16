package io.sendense.nbd;

import io.sendense.domain.SendenseException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One request in flight. The calling thread waits on it; the connection's reader fills and ends it.
 *
 * <p>A caller that stops waiting takes its buffer back. So that no late reply is ever written into
 * a buffer that belongs to someone else by then, the reader holds the request in {@code FILLING}
 * while it touches the buffer, and a caller cannot abandon it in that state.
 */
final class Request {
  private static final int PENDING = 0;
  private static final int FILLING = 1;
  private static final int DONE = 2;
  private static final int ABANDONED = 3;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final int type;
  private final long offset;
  private final int length;
  private final ByteBuffer target;
  private final Optional<BlockStatusSink> blockStatus;
  private final Coverage coverage;
  private final AtomicInteger state = new AtomicInteger(PENDING);
  private final Thread caller = Thread.currentThread();
  private @Nullable SendenseException failure;

  private Request(
      int type, long offset, int length, ByteBuffer target, Optional<BlockStatusSink> status) {
    this.type = type;
    this.offset = offset;
    this.length = length;
    this.target = target;
    this.blockStatus = status;
    this.coverage = new Coverage(target.remaining());
  }

  /** Reads into all that remains of {@code target}, whose position is not moved. */
  static Request read(long offset, ByteBuffer target) {
    return new Request(Nbd.CMD_READ, offset, target.remaining(), target, Optional.empty());
  }

  static Request blockStatus(long offset, int length, BlockStatusSink sink) {
    return new Request(Nbd.CMD_BLOCK_STATUS, offset, length, NOTHING, Optional.of(sink));
  }

  static Request plain(int type, long offset, int length) {
    return new Request(type, offset, length, NOTHING, Optional.empty());
  }

  int type() {
    return type;
  }

  long offset() {
    return offset;
  }

  int length() {
    return length;
  }

  Coverage coverage() {
    return coverage;
  }

  Optional<BlockStatusSink> blockStatus() {
    return blockStatus;
  }

  /** The part of the caller's buffer for the bytes from {@code at} on, counted from the offset. */
  ByteBuffer slice(int at, int bytes) {
    return target.slice(target.position() + at, bytes);
  }

  /** Reader: takes the buffer; false where the caller has gone and the bytes are to be dropped. */
  boolean beginFill() {
    return state.compareAndSet(PENDING, FILLING);
  }

  /** Reader: gives the buffer back. */
  void endFill() {
    state.compareAndSet(FILLING, PENDING);
  }

  /** Reader: records the first failure; the request ends with its last chunk. */
  void fail(SendenseException reason) {
    if (failure == null) {
      failure = reason;
    }
  }

  @Nullable SendenseException failure() {
    return failure;
  }

  /** Reader: ends the request, in whatever state it is. */
  void end() {
    state.set(DONE);
    LockSupport.unpark(caller);
  }

  boolean isDone() {
    return state.get() == DONE;
  }

  /** Caller: waits until the reader ended it; false at the deadline or when interrupted. */
  boolean await(long deadlineNanos) {
    while (!isDone()) {
      long left = deadlineNanos - System.nanoTime();
      if (left <= 0 || caller.isInterrupted()) {
        return isDone();
      }
      LockSupport.parkNanos(this, left);
    }
    return true;
  }

  /** Caller: stops waiting. False where the reader has the buffer just now. */
  boolean abandon() {
    return state.compareAndSet(PENDING, ABANDONED) || isDone();
  }

  String describe() {
    String what =
        switch (type) {
          case Nbd.CMD_READ -> "Reading ";
          case Nbd.CMD_WRITE -> "Writing ";
          case Nbd.CMD_FLUSH -> "Flushing ";
          case Nbd.CMD_TRIM -> "Trimming ";
          case Nbd.CMD_WRITE_ZEROES -> "Zeroing ";
          default -> "Block status of ";
        };
    return what + Integer.toUnsignedString(length) + " bytes at offset " + offset;
  }
}
