package io.sendense.repository.memory;

import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreCapabilities;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** Objects in a sorted map. Thread-safe. Closing it keeps the objects for the next opening. */
public final class MemoryObjectStore implements ObjectStore {
  private static final class Entry {
    final byte[] content;
    final Instant storedAt;

    Entry(byte[] content, Instant storedAt) {
      this.content = content;
      this.storedAt = storedAt;
    }
  }

  private final ConcurrentNavigableMap<ObjectName, Entry> objects = new ConcurrentSkipListMap<>();
  private final InstantSource clock;

  /**
   * @param clock the store's own clock
   */
  public MemoryObjectStore(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public String describe() {
    return "memory";
  }

  @Override
  public StoreCapabilities capabilities() {
    return StoreCapabilities.NONE;
  }

  @Override
  public StoredObject put(ObjectName name, byte[] content, int offset, int length) {
    if (length > capabilities().objectBytesMax()) {
      throw StoreFailure.badRange(describe(), name, 0, length, capabilities().objectBytesMax());
    }
    Entry entry = new Entry(Arrays.copyOfRange(content, offset, offset + length), clock.instant());
    if (objects.putIfAbsent(name, entry) != null) {
      throw StoreFailure.exists(describe(), name);
    }
    return stored(name, entry);
  }

  @Override
  public void read(ObjectName name, long position, byte[] target, int offset, int length) {
    byte[] content = find(name).content;
    if (position < 0 || length < 0 || position > content.length - length) {
      throw StoreFailure.badRange(describe(), name, position, length, content.length);
    }
    System.arraycopy(content, (int) position, target, offset, length);
  }

  @Override
  public byte[] get(ObjectName name, int bytesMax) {
    byte[] content = find(name).content;
    if (content.length > bytesMax) {
      throw StoreFailure.badRange(describe(), name, 0, bytesMax, content.length);
    }
    return content.clone();
  }

  @Override
  public Optional<StoredObject> stat(ObjectName name) {
    return Optional.ofNullable(objects.get(name)).map(entry -> stored(name, entry));
  }

  @Override
  public void list(String folder, Consumer<StoredObject> visitor) {
    objects.forEach(
        (name, entry) -> {
          if (folder.isEmpty() || name.value().startsWith(folder + "/")) {
            visitor.accept(stored(name, entry));
          }
        });
  }

  @Override
  public void delete(ObjectName name) {
    objects.remove(name);
  }

  @Override
  public void close() {
    // The objects are the store; there is no handle to free.
  }

  private Entry find(ObjectName name) {
    Entry entry = objects.get(name);
    if (entry == null) {
      throw StoreFailure.missing(describe(), name);
    }
    return entry;
  }

  private static StoredObject stored(ObjectName name, Entry entry) {
    return new StoredObject(name, entry.content.length, entry.storedAt);
  }
}
