package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One writer's packs on their way: stores full ones in the background and proves each, as {@link
 * PackProof} says. Begins a new one only while few are on their way and there is memory, so that a
 * slow store slows the writer. Thread-safe.
 */
final class PackUploads implements AutoCloseable {
  private static final int WANTED_BYTES_MIN = 64 << 10;

  private final ObjectStore store;
  private final CodecPool codecs;
  private final PackWorks works;
  private final SecureRandom random;
  private final IndexPublisher indexes;
  private final UUID writer;
  private final int generation;
  private final Tuning tuning;
  private final AtomicInteger sequence = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong objects = new AtomicLong();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Object lock = new Object();

  /** Packs that were taken and are not finished yet. Guarded by the lock. */
  private int begun;

  /** Those of them that are on their way. Guarded by the lock. */
  private int sent;

  /** Those of them that are being stored. Guarded by the lock. */
  private int running;

  /** Those of them that wait for their turn. Guarded by the lock. */
  private final ArrayDeque<PackBuilder> waiting = new ArrayDeque<>();

  private volatile boolean stopped;

  PackUploads(
      ObjectStore store,
      CodecPool codecs,
      PackWorks works,
      Environment environment,
      IndexPublisher indexes,
      UUID writer,
      int generation) {
    this.store = store;
    this.codecs = codecs;
    this.works = works;
    this.random = environment.random();
    this.indexes = indexes;
    this.writer = writer;
    this.generation = generation;
    this.tuning = environment.tuning();
    works.memory().writerBegan();
  }

  /**
   * An empty pack with an id never used before. Waits for earlier ones and for memory.
   *
   * @param wantedBytes its length, where that is no more than this writer's share allows
   * @param blobBytesMax longest blob that will be sealed into it
   */
  PackBuilder take(int wantedBytes, int blobBytesMax) {
    awaitRoom();
    int fullBytes = Math.min(wantedBytes, tuning.packBytes());
    long share = works.memory().share();
    while (fullBytes > WANTED_BYTES_MIN && PackBuilder.capacity(fullBytes, blobBytesMax) > share) {
      fullBytes /= 2;
    }
    byte[] buffer =
        works.memory().take(PackBuilder.capacity(fullBytes, blobBytesMax), this::checkHealthy);
    try {
      PackBuilder pack = new PackBuilder(nextId(), buffer, fullBytes, this::send);
      synchronized (lock) {
        begun++;
      }
      return pack;
    } catch (RuntimeException e) {
      works.memory().give(buffer);
      throw e;
    }
  }

  /** Returns when few enough packs are on their way that another may be begun. */
  void awaitRoom() {
    checkHealthy();
    await(() -> sent >= tuning.uploads() && failure.get() == null && !stopped);
    checkHealthy();
  }

  /** There is a blob in the pack, which may be closed early for other writers from now on. */
  void opened(PackBuilder pack) {
    works.memory().opened(pack);
  }

  /**
   * Returns when every pack is durable and proved, or throws what went wrong. The open ones must
   * have been flushed.
   */
  void settle() {
    checkHealthy();
    // Not those sent only: one that another writer had closed may be between closed and sent.
    await(() -> begun > 0);
    checkHealthy();
  }

  void checkHealthy() {
    Throwable why = failure.get();
    if (why instanceof SendenseException s) {
      // A new exception, so that each caller's stack is its own.
      throw new SendenseException(s.code(), String.valueOf(s.getMessage()), s.remedy(), s);
    }
    if (why instanceof RuntimeException e) {
      throw e;
    }
    if (why instanceof Error e) {
      throw e;
    }
    if (stopped) {
      throw new SendenseException(
          ErrorCode.CANCELLED, "the writer was given up", "Run the job again.");
    }
  }

  long bytes() {
    return bytes.get();
  }

  long objects() {
    return objects.get();
  }

  /** Begins no pack any more: who waits for one is told that the writer was given up. */
  void stop() {
    stopped = true;
    wake();
  }

  /** Lets the packs on their way finish; waits for them a bounded time. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    stop();
    try {
      await(() -> begun > 0);
    } catch (SendenseException e) {
      // Interrupted, or a store that hangs: each buffer comes back when its pack is done with.
      return;
    } finally {
      works.memory().writerEnded();
    }
  }

  private void send(PackBuilder pack) {
    synchronized (lock) {
      sent++;
      waiting.addLast(pack);
    }
    works.memory().closed(pack);
    startNext();
  }

  /** One at a time goes to the end of the common queue, so that all writers have their turns. */
  private void startNext() {
    PackBuilder next;
    synchronized (lock) {
      next = running < tuning.uploads() ? waiting.pollFirst() : null;
      running += next == null ? 0 : 1;
    }
    if (next == null) {
      return;
    }
    try {
      works.execute(slice -> run(next, slice));
    } catch (RejectedExecutionException e) {
      fail(
          new SendenseException(
              ErrorCode.CANCELLED, "the repository was closed", "Run the job again.", e));
      finished(next);
    }
  }

  private void run(PackBuilder pack, byte[] slice) {
    try {
      if (pack.isSpoiled()) {
        throw new SendenseException(
            ErrorCode.CANCELLED, "a pack was given up", "Run the job again.");
      }
      if (failure.get() == null && !pack.isEmpty()) {
        PackRecord stored = store(pack, slice);
        indexes.add(stored);
        bytes.addAndGet(stored.lengthBytes());
        objects.incrementAndGet();
      }
    } catch (RuntimeException | Error e) {
      // An error too: a pack that is not stored must never pass for one that is.
      fail(e);
    } finally {
      finished(pack);
    }
  }

  private PackRecord store(PackBuilder pack, byte[] slice) {
    byte[] sha256 = new byte[BulkCrypto.HASH_BYTES];
    BlobCodec codec = codecs.borrow();
    int length;
    try {
      length = pack.finish(codec, codecs.keys(), IndexPublisher.salt(random), sha256);
    } finally {
      codecs.giveBack(codec);
    }
    ObjectName name = pack.id().objectName();
    store.put(name, pack.buffer(), 0, length);
    PackProof.stored(store, name, pack.buffer(), length, sha256, slice);
    return PackProof.readable(codecs, pack.id(), pack.buffer(), length, random);
  }

  private void finished(PackBuilder pack) {
    works.memory().give(pack.buffer());
    synchronized (lock) {
      running--;
      sent--;
      begun--;
      lock.notifyAll();
    }
    startNext();
  }

  private void fail(Throwable why) {
    failure.compareAndSet(null, why);
    wake();
  }

  private void wake() {
    synchronized (lock) {
      lock.notifyAll();
    }
    works.memory().wake();
  }

  private void await(BooleanSupplier waiting) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PackMemory.PATIENCE_SECONDS);
    synchronized (lock) {
      while (waiting.getAsBoolean()) {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (millis <= 0) {
          throw tooSlow();
        }
        try {
          lock.wait(millis);
        } catch (InterruptedException e) {
          throw interrupted(e);
        }
      }
    }
  }

  private PackId nextId() {
    return PackId.of(
        generation, writer, codecs.keys().repositoryKey().epoch(), sequence.getAndIncrement());
  }

  private SendenseException tooSlow() {
    return new SendenseException(
        ErrorCode.STORE_UNAVAILABLE,
        store.describe()
            + " did not take a pack within "
            + PackMemory.PATIENCE_SECONDS
            + " seconds",
        "Check the store's health and the link to it, then run the job again.");
  }

  static SendenseException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new SendenseException(
        ErrorCode.CANCELLED, "the writer was interrupted", "Run the job again.", e);
  }
}
