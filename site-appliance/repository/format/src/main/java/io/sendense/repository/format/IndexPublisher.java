package io.sendense.repository.format;

import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoredObject;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Gathers proved packs into indexes and publishes each when it is large enough. Thread-safe. */
final class IndexPublisher {
  /** Half of what an index may hold, because a pack is never split between two. */
  private static final int BLOBS_ENOUGH = IndexObject.BLOBS_MAX - PackBuilder.BLOBS_MAX;

  private final ObjectStore store;
  private final Keys keys;
  private final SecureRandom random;
  private final Instant storedBy;
  private final List<PackRecord> waiting = new ArrayList<>();
  private final Set<PackId> added = new HashSet<>();
  private final List<UUID> published = new ArrayList<>();
  private Optional<Instant> lastStoredAt = Optional.empty();
  private int waitingBlobs;
  private long bytes;
  private long objects;

  /**
   * @param storedBy the store's time after which what is published no longer counts
   */
  IndexPublisher(ObjectStore store, Keys keys, SecureRandom random, Instant storedBy) {
    this.store = store;
    this.keys = keys;
    this.random = random;
    this.storedBy = storedBy;
  }

  /** Adds a pack that is durable and was read back. Adding one again changes nothing. */
  synchronized void add(PackRecord pack) {
    if (!added.add(pack.id())) {
      return;
    }
    waiting.add(pack);
    waitingBlobs += pack.entries().size();
    if (waitingBlobs >= BLOBS_ENOUGH || waiting.size() >= IndexObject.PACKS_MAX) {
      flush();
    }
  }

  /** Publishes what waits, if anything. */
  synchronized void flush() {
    if (!waiting.isEmpty()) {
      publish(List.of());
    }
  }

  /** Publishes an index that stands for others from now on. */
  synchronized void publishReplacing(List<UUID> replaced) {
    publish(replaced);
  }

  private void publish(List<UUID> replaced) {
    UUID id = randomId(random);
    byte[] content =
        new IndexObject(id, replaced, waiting, Optional.of(storedBy)).encode(keys, salt(random));
    ObjectName name = IndexObject.name(id);
    StoredObject stored = putAndReadBack(store, name, content);
    published.add(id);
    lastStoredAt = Optional.of(stored.storedAt());
    bytes += content.length;
    objects++;
    waiting.clear();
    waitingBlobs = 0;
  }

  /** Puts an object and compares what the store then gives back. */
  static StoredObject putAndReadBack(ObjectStore store, ObjectName name, byte[] content) {
    StoredObject stored = store.put(name, content);
    if (!Arrays.equals(StoreReads.whole(store, name, content.length), content)) {
      throw Damage.of(name.value(), "the store gave back other bytes than were put");
    }
    return stored;
  }

  synchronized List<UUID> published() {
    return List.copyOf(published);
  }

  synchronized Optional<Instant> lastStoredAt() {
    return lastStoredAt;
  }

  synchronized long bytes() {
    return bytes;
  }

  synchronized long objects() {
    return objects;
  }

  static UUID randomId(SecureRandom random) {
    return new UUID(random.nextLong(), random.nextLong());
  }

  static byte[] salt(SecureRandom random) {
    byte[] salt = new byte[Envelope.SALT_BYTES];
    random.nextBytes(salt);
    return salt;
  }
}
