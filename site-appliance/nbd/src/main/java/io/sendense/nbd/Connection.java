package io.sendense.nbd;

import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One connection in transmission. Callers send under a lock; one thread of its own reads replies.
 * Once anything is wrong with the stream the connection is dead: every request in flight and every
 * later one fails with the reason. Only the reader thread ends requests that are in flight, so a
 * buffer is never given back while it may still be written to.
 */
final class Connection implements ReplyReader.InFlight {
  // Cookies carry the slot in the low bits and a sequence above, so a stale one is recognised.
  private static final int SLOT_BITS = 8;
  private static final ByteBuffer NO_PAYLOAD = ByteBuffer.allocate(0);
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

  private record Entry(long cookie, Request request) {}

  private final Transport transport;
  private final Failures failures;
  private final Duration requestDeadline;
  private final int slotCount;
  private final Semaphore permits;
  private final AtomicReferenceArray<@Nullable Entry> slots;
  private final AtomicReference<@Nullable SendenseException> dead = new AtomicReference<>();
  private final ReentrantLock writeLock = new ReentrantLock();
  private final ByteBuffer header = ByteBuffer.allocateDirect(Nbd.REQUEST_BYTES);
  private final Thread reader;
  private long sequence;
  private volatile boolean readerGone;
  private volatile long writingSince;
  private volatile boolean writing;

  Connection(
      Transport transport,
      Failures failures,
      NbdClientOptions options,
      boolean structuredAgreed,
      String name) {
    this.transport = transport;
    this.failures = failures;
    this.requestDeadline = options.requestDeadline();
    this.slotCount = options.inFlight();
    this.permits = new Semaphore(slotCount);
    this.slots = new AtomicReferenceArray<>(slotCount);
    ReplyReader replies = new ReplyReader(transport, this, failures, structuredAgreed);
    this.reader = Thread.ofPlatform().daemon().name(name).unstarted(() -> readAll(replies));
  }

  void start() {
    reader.start();
  }

  boolean hasRoom() {
    return permits.availablePermits() > 0;
  }

  /** Sends a request; it is in flight when this returns, and the caller must then finish it. */
  void send(Request request, int commandFlags, Optional<ByteBuffer> payload, long deadlineNanos) {
    if (Thread.currentThread().isInterrupted()) {
      throw failures.cancelled();
    }
    boolean sent = false;
    acquire(permits::tryAcquire, deadlineNanos);
    try {
      acquire(writeLock::tryLock, deadlineNanos);
      try {
        sent = write(request, commandFlags, payload.orElse(NO_PAYLOAD));
      } finally {
        writeLock.unlock();
      }
    } finally {
      if (!sent) {
        permits.release();
      }
    }
  }

  /**
   * Waits for a request that was sent.
   *
   * @return the failure it ended with, if it did; afterwards its buffer is the caller's again
   */
  Optional<SendenseException> finish(Request request, long deadlineNanos) {
    if (request.await(deadlineNanos)) {
      return Optional.ofNullable(request.failure());
    }
    SendenseException reason =
        Thread.currentThread().isInterrupted()
            ? failures.cancelled()
            : failures.deadline("answer", requestDeadline);
    if (!request.abandon()) {
      // Its reply is half here. Only a dead connection gives the buffer back for certain.
      kill(reason);
      awaitReaderGone();
    }
    return Optional.of(reason);
  }

  /** Kills the connection where a single write has been stuck for longer than a call may last. */
  void checkWriting() {
    if (writing && System.nanoTime() - writingSince > requestDeadline.toNanos()) {
      kill(failures.deadline("take a request", requestDeadline));
    }
  }

  void kill(SendenseException reason) {
    dead.compareAndSet(null, reason);
    transport.kill();
  }

  /** Tells the server goodbye and closes; requests in flight fail. May be called twice. */
  void close() {
    if (dead.compareAndSet(null, failures.closed())) {
      try {
        if (writeLock.tryLock(CLOSE_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
          try {
            writeHeader(Nbd.CMD_DISC, 0, 0, 0, 0, NO_PAYLOAD);
          } finally {
            writeLock.unlock();
          }
        }
      } catch (IOException goneAlready) {
        // A server that is gone needs no goodbye.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      transport.close();
    }
    awaitReaderGone();
  }

  @Override
  public Optional<Request> find(long cookie) {
    int slot = (int) (cookie & ((1 << SLOT_BITS) - 1));
    Entry entry = slot < slotCount ? slots.get(slot) : null;
    return entry != null && entry.cookie == cookie ? Optional.of(entry.request) : Optional.empty();
  }

  @Override
  public void ended(long cookie, Request request) {
    slots.set((int) (cookie & ((1 << SLOT_BITS) - 1)), null);
    permits.release();
    request.end();
  }

  private boolean write(Request request, int commandFlags, ByteBuffer payload) {
    throwIfDead();
    int slot = freeSlot();
    long cookie = ++sequence << SLOT_BITS | slot;
    slots.set(slot, new Entry(cookie, request));
    if (readerGone && slots.getAndSet(slot, null) != null) {
      throwIfDead();
    }
    try {
      writeHeader(
          request.type(), commandFlags, cookie, request.offset(), request.length(), payload);
    } catch (IOException e) {
      // The reader ends the request like all others in flight.
      kill(failures.lost(e));
    }
    return true;
  }

  private void writeHeader(
      int type, int commandFlags, long cookie, long offset, int length, ByteBuffer payload)
      throws IOException {
    header
        .clear()
        .putInt(Nbd.REQUEST_MAGIC)
        .putShort((short) commandFlags)
        .putShort((short) type)
        .putLong(cookie)
        .putLong(offset)
        .putInt(length)
        .flip();
    writingSince = System.nanoTime();
    writing = true;
    try {
      transport.write(header, payload);
    } finally {
      writing = false;
    }
  }

  private int freeSlot() {
    for (int slot = 0; slot < slotCount; slot++) {
      if (slots.get(slot) == null) {
        return slot;
      }
    }
    // Only a dead connection hands out more permits than there are slots.
    throwIfDead();
    throw new IllegalStateException("more requests in flight than slots");
  }

  private interface Timed {
    boolean within(long time, TimeUnit unit) throws InterruptedException;
  }

  private void acquire(Timed resource, long deadlineNanos) {
    try {
      if (!resource.within(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throwIfDead();
        throw failures.deadline("answer earlier requests", requestDeadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failures.cancelled();
    }
  }

  private void throwIfDead() {
    SendenseException reason = dead.get();
    if (reason != null) {
      throw Failures.again(reason);
    }
  }

  private void readAll(ReplyReader replies) {
    SendenseException reason;
    try {
      while (true) {
        replies.readOne();
      }
    } catch (SendenseException e) {
      reason = e;
    } catch (IOException e) {
      reason = failures.lost(e);
    } catch (RuntimeException e) {
      reason = failures.lost(e);
    }
    kill(reason);
    endAll();
  }

  private void endAll() {
    readerGone = true;
    SendenseException reason = dead.get();
    for (int slot = 0; slot < slotCount; slot++) {
      Entry entry = slots.getAndSet(slot, null);
      if (entry != null) {
        entry.request.fail(reason == null ? failures.closed() : Failures.again(reason));
        entry.request.end();
      }
    }
    // Wakes whoever waits for a permit; they find the connection dead.
    permits.release(NbdClientOptions.MAX_IN_FLIGHT);
  }

  private void awaitReaderGone() {
    long end = System.nanoTime() + CLOSE_DEADLINE.toNanos();
    while (reader.isAlive() && !readerGone && Thread.currentThread() != reader) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(
            "the NBD reader thread did not end after its socket closed");
      }
      LockSupport.parkNanos(this, 1_000_000);
    }
  }
}
