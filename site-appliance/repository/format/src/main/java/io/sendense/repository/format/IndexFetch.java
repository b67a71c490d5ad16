package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoredObject;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/**
 * Reads indexes for one thread that takes them in their order. Where there is much to read other
 * threads are some indexes ahead of it, so that one is read while another is opened; no more is
 * held than those. Not thread-safe.
 */
final class IndexFetch implements AutoCloseable {
  /** Less is not worth threads. */
  private static final long MUCH_BYTES = 16L << 20;

  private static final int AHEAD = 3;

  private final ObjectStore store;
  private final Keys keys;
  private final BooleanSupplier namesOnly;
  private final Iterator<StoredObject> rest;
  private final Optional<ExecutorService> threads;
  private final ArrayDeque<Ahead> ahead = new ArrayDeque<>();

  private record Ahead(StoredObject object, Future<IndexObject> index) {}

  /**
   * @param wanted what may be asked for, in that order
   * @param namesOnly asked before each is read, by any thread: whether to leave out what packs hold
   *     but for late indexes and packs of collectors
   */
  IndexFetch(ObjectStore store, Keys keys, List<StoredObject> wanted, BooleanSupplier namesOnly) {
    this.store = store;
    this.keys = keys;
    this.namesOnly = namesOnly;
    rest = wanted.iterator();
    long bytes = wanted.stream().mapToLong(StoredObject::lengthBytes).sum();
    threads =
        bytes < MUCH_BYTES
            ? Optional.empty()
            : Optional.of(
                Executors.newFixedThreadPool(AHEAD, Thread.ofPlatform().daemon().factory()));
  }

  /**
   * One of those wanted, or any other.
   *
   * @throws SendenseException its damage, the store's failures
   */
  IndexObject take(StoredObject object) {
    if (threads.isEmpty()) {
      return read(object);
    }
    fill(threads.get());
    while (!ahead.isEmpty()) {
      Ahead next = ahead.removeFirst();
      fill(threads.get());
      if (next.object().equals(object)) {
        return Awaited.result(next.index(), "reading the indexes");
      }
    }
    return read(object);
  }

  private IndexObject read(StoredObject object) {
    boolean names = namesOnly.getAsBoolean();
    byte[] bytes = StoreReads.whole(store, object.name(), IndexObject.BYTES_MAX);
    return IndexObject.open(
        object.name(),
        bytes,
        keys,
        index -> !names || index.isLate(object.storedAt()) || hasMoved(index));
  }

  /** Such blobs are found by no other way. */
  private static boolean hasMoved(IndexObject index) {
    return index.packs().stream().anyMatch(pack -> Collector.isCollectors(pack.id().writer()));
  }

  private void fill(ExecutorService by) {
    while (ahead.size() < AHEAD && rest.hasNext()) {
      StoredObject object = rest.next();
      ahead.addLast(new Ahead(object, by.submit(() -> read(object))));
    }
  }

  @Override
  public void close() {
    threads.ifPresent(ExecutorService::shutdownNow);
  }
}
