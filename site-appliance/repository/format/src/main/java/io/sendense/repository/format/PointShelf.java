package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The points of a listing, read many at once. A point never changes, so one that was opened and
 * authenticated is kept, up to a bound, and given again for as long as the store lists an object of
 * that name, length and time. Thread-safe.
 */
final class PointShelf {
  private static final int KEPT_MAX = 4096;
  private static final int READERS = 8;

  /** Fewer are read by the caller's own thread. */
  private static final int FEW = 32;

  private final ObjectStore store;
  private final Keys keys;

  /** Those used last come last. */
  private final Map<ObjectName, Kept> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ObjectName, Kept> eldest) {
          return size() > KEPT_MAX;
        }
      };

  PointShelf(ObjectStore store, Keys keys) {
    this.store = store;
    this.keys = keys;
  }

  private record Kept(StoredObject object, RestorePoint point) {}

  /**
   * What an object of the listing turned out to be; neither where it went since.
   *
   * @param failure why it cannot be read: its content is damaged
   */
  record Found(
      ObjectName name, Optional<RestorePoint> point, Optional<SendenseException> failure) {}

  /**
   * Lists the points and reads them.
   *
   * @param anew read each from the store, whatever is kept
   * @throws SendenseException the store's own failures
   */
  List<Found> all(boolean anew) {
    List<Found> found = new ArrayList<>();
    List<StoredObject> unread = new ArrayList<>();
    List<Future<Found>> reading = new ArrayList<>();
    Optional<ExecutorService> readers = Optional.empty();
    try {
      for (StoredObject object : store.list(PointObject.FOLDER)) {
        Optional<RestorePoint> here = anew ? Optional.empty() : kept(object);
        if (here.isPresent()) {
          found.add(new Found(object.name(), here, Optional.empty()));
        } else {
          unread.add(object);
        }
      }
      if (unread.size() > FEW) {
        ExecutorService threads =
            Executors.newFixedThreadPool(READERS, Thread.ofPlatform().daemon().factory());
        readers = Optional.of(threads);
        for (StoredObject object : unread) {
          Callable<Found> one = () -> read(object);
          reading.add(threads.submit(one));
        }
        for (Future<Found> one : reading) {
          found.add(Awaited.result(one, "reading the points"));
        }
      } else {
        unread.forEach(object -> found.add(read(object)));
      }
      return found;
    } finally {
      readers.ifPresent(ExecutorService::shutdownNow);
    }
  }

  private Optional<RestorePoint> kept(StoredObject object) {
    synchronized (kept) {
      return Optional.ofNullable(kept.get(object.name()))
          .filter(one -> one.object().equals(object))
          .map(Kept::point);
    }
  }

  private Found read(StoredObject object) {
    try {
      byte[] bytes = StoreReads.whole(store, object.name(), PointObject.BYTES_MAX);
      RestorePoint point = PointObject.decode(object.name(), bytes, keys).point();
      synchronized (kept) {
        kept.put(object.name(), new Kept(object, point));
      }
      return new Found(object.name(), Optional.of(point), Optional.empty());
    } catch (SendenseException e) {
      boolean gone = StoreFailure.isMissing(e);
      if (!gone && !Damage.isContent(e)) {
        throw e;
      }
      synchronized (kept) {
        kept.remove(object.name());
      }
      return new Found(object.name(), Optional.empty(), gone ? Optional.empty() : Optional.of(e));
    }
  }
}
