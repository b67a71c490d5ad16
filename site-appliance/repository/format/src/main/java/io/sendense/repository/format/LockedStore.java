package io.sendense.repository.format;

import io.sendense.repository.spi.ForwardingObjectStore;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoredObject;
import java.util.Optional;

/**
 * The store as one writer of a repository that locks sees it: packs, indexes, points, keys and the
 * format object are put with their lock in the same write. Closing it closes nothing.
 */
final class LockedStore extends ForwardingObjectStore {
  private final ObjectLock lock;

  private LockedStore(ObjectStore inner, ObjectLock lock) {
    super(inner);
    this.lock = lock;
  }

  /** The store itself where the repository does not lock. */
  static ObjectStore of(ObjectStore store, FormatObject format, int generation) {
    return format
        .lockOf(generation)
        .<ObjectStore>map(lock -> new LockedStore(store, lock))
        .orElse(store);
  }

  @Override
  public StoredObject put(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> given) {
    return super.put(
        name,
        content,
        offset,
        length,
        given.isEmpty() && isLocked(name) ? Optional.of(lock) : given);
  }

  @Override
  public void close() {
    // The store below is the repository's owner's to close.
  }

  /** Intents, marks, holds and notes of locks come and go. */
  static boolean isLocked(ObjectName name) {
    String folder = name.value().split("/", 2)[0];
    return name.equals(FormatObject.NAME)
        || folder.equals(PackId.FOLDER)
        || folder.equals(IndexObject.FOLDER)
        || folder.equals(PointObject.FOLDER)
        || folder.equals(KeyObject.FOLDER);
  }
}
