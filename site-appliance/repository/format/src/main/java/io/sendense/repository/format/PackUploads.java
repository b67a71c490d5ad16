package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Stores full packs in the background and proves each, as {@link PackProof} says. Lends out a fixed
 * number of pack buffers, so that a slow store slows the writer and not the memory. Thread-safe.
 */
final class PackUploads implements AutoCloseable {
  /** No put of a pack takes longer on a store that works. */
  private static final long PATIENCE_SECONDS = 600;

  private final ObjectStore store;
  private final CodecPool codecs;
  private final SecureRandom random;
  private final IndexPublisher indexes;
  private final UUID writer;
  private final int generation;
  private final Tuning tuning;
  private final int chunkBytesMax;
  private final BlockingQueue<PackBuilder> free;
  private final AtomicInteger created = new AtomicInteger();
  private final AtomicInteger sequence = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong objects = new AtomicLong();
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private final ExecutorService threads;
  private final ThreadLocal<PackProof> proofs;

  PackUploads(
      ObjectStore store,
      CodecPool codecs,
      Environment environment,
      IndexPublisher indexes,
      UUID writer,
      int generation,
      int chunkBytesMax) {
    this.store = store;
    this.codecs = codecs;
    this.random = environment.random();
    this.indexes = indexes;
    this.writer = writer;
    this.generation = generation;
    this.tuning = environment.tuning();
    this.chunkBytesMax = chunkBytesMax;
    proofs = ThreadLocal.withInitial(() -> new PackProof(store));
    free = new ArrayBlockingQueue<>(tuning.lanes() + tuning.uploads());
    threads =
        Executors.newFixedThreadPool(
            tuning.uploads(), Thread.ofPlatform().daemon().name("pack-upload-", 0).factory());
  }

  /** An empty pack with an id never used before. Waits for a buffer. */
  PackBuilder take() {
    checkHealthy();
    PackBuilder pack = free.poll();
    if (pack == null && created.getAndIncrement() < tuning.lanes() + tuning.uploads()) {
      return new PackBuilder(nextId(), tuning.packBytes(), chunkBytesMax);
    }
    if (pack == null) {
      pack = await();
    }
    checkHealthy();
    pack.begin(nextId());
    return pack;
  }

  /** Gives back a pack that nothing was added to, or whose content is given up. */
  void discard(PackBuilder pack) {
    free.add(pack);
  }

  /** Stores and proves a pack in the background. */
  void submit(PackBuilder pack) {
    pending.incrementAndGet();
    try {
      threads.execute(() -> run(pack));
    } catch (RejectedExecutionException e) {
      finished(pack);
      throw new SendenseException(
          ErrorCode.CANCELLED, "the writer was given up", "Run the job again.", e);
    }
  }

  /** Returns when every submitted pack is durable and proved, or throws what went wrong. */
  void settle() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    synchronized (pending) {
      while (pending.get() > 0) {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (millis <= 0) {
          throw tooSlow();
        }
        try {
          pending.wait(millis);
        } catch (InterruptedException e) {
          throw interrupted(e);
        }
      }
    }
    checkHealthy();
  }

  void checkHealthy() {
    RuntimeException why = failure.get();
    if (why instanceof SendenseException s) {
      // A new exception, so that each caller's stack is its own.
      throw new SendenseException(s.code(), String.valueOf(s.getMessage()), s.remedy(), s);
    }
    if (why != null) {
      throw why;
    }
  }

  long bytes() {
    return bytes.get();
  }

  long objects() {
    return objects.get();
  }

  /** Lets packs already submitted finish; waits for them a bounded time. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private void run(PackBuilder pack) {
    BlobCodec codec = codecs.borrow();
    try {
      if (failure.get() == null) {
        PackRecord stored = store(pack, codec);
        indexes.add(stored);
        bytes.addAndGet(stored.lengthBytes());
        objects.incrementAndGet();
      }
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    } finally {
      codecs.giveBack(codec);
      finished(pack);
    }
  }

  private PackRecord store(PackBuilder pack, BlobCodec codec) {
    byte[] sha256 = new byte[BulkCrypto.HASH_BYTES];
    int length = pack.finish(codec, codecs.keys(), IndexPublisher.salt(random), sha256);
    ObjectName name = pack.id().objectName();
    store.put(name, pack.buffer(), 0, length);
    proofs.get().stored(name, pack.buffer(), length, sha256);
    return PackProof.readable(codecs, pack.id(), pack.buffer(), length, random);
  }

  private void finished(PackBuilder pack) {
    free.add(pack);
    synchronized (pending) {
      pending.decrementAndGet();
      pending.notifyAll();
    }
  }

  private PackBuilder await() {
    try {
      PackBuilder pack = free.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (pack == null) {
        throw tooSlow();
      }
      return pack;
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private PackId nextId() {
    return PackId.of(
        generation, writer, codecs.keys().repositoryKey().epoch(), sequence.getAndIncrement());
  }

  private SendenseException tooSlow() {
    return new SendenseException(
        ErrorCode.STORE_UNAVAILABLE,
        store.describe() + " did not take a pack within " + PATIENCE_SECONDS + " seconds",
        "Check the store's health and the link to it, then run the job again.");
  }

  static SendenseException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new SendenseException(
        ErrorCode.CANCELLED, "the writer was interrupted", "Run the job again.", e);
  }
}
