package io.sendense.repository.memory;

import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoreCapabilities;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import io.sendense.repository.spi.TierState;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Objects in a sorted map. Thread-safe. Closing it keeps the objects for the next opening. */
public final class MemoryObjectStore implements ObjectStore {
  /** All that a store can offer. */
  public static final StoreCapabilities EVERYTHING =
      new StoreCapabilities(
          true, Set.of(LockMode.values()), true, true, Set.of(ObjectTier.values()), 64L << 20);

  /** How long bringing an object back takes, by the store's clock; cloud archives name hours. */
  public static final Duration REHYDRATION = Duration.ofHours(12);

  private final ConcurrentNavigableMap<ObjectName, Entry> objects = new ConcurrentSkipListMap<>();
  private final InstantSource clock;
  private final StoreCapabilities capabilities;

  /** A store that offers everything. */
  public MemoryObjectStore(InstantSource clock) {
    this(clock, EVERYTHING);
  }

  /**
   * @param clock the store's own clock
   * @param capabilities what it offers; a part of {@link #EVERYTHING}
   */
  public MemoryObjectStore(InstantSource clock, StoreCapabilities capabilities) {
    this.clock = clock;
    this.capabilities = capabilities;
  }

  @Override
  public String describe() {
    return "memory";
  }

  @Override
  public StoreCapabilities capabilities() {
    return capabilities;
  }

  @Override
  public StoredObject put(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
    if (length > capabilities.objectBytesMax()) {
      throw StoreFailure.badRange(describe(), name, 0, length, capabilities.objectBytesMax());
    }
    lock.ifPresent(this::requireLocks);
    Entry entry =
        Entry.fresh(Arrays.copyOfRange(content, offset, offset + length), clock.instant(), lock);
    if (objects.putIfAbsent(name, entry) != null) {
      throw StoreFailure.exists(describe(), name);
    }
    return entry.stored(name);
  }

  @Override
  public void read(ObjectName name, long position, byte[] target, int offset, int length) {
    byte[] content = readable(name);
    if (position < 0 || length < 0 || position > content.length - length) {
      throw StoreFailure.badRange(describe(), name, position, length, content.length);
    }
    System.arraycopy(content, (int) position, target, offset, length);
  }

  @Override
  public byte[] get(ObjectName name, int bytesMax) {
    byte[] content = readable(name);
    if (content.length > bytesMax) {
      throw StoreFailure.badRange(describe(), name, 0, bytesMax, content.length);
    }
    return content.clone();
  }

  @Override
  public Optional<StoredObject> stat(ObjectName name) {
    return Optional.ofNullable(objects.get(name)).map(entry -> entry.stored(name));
  }

  @Override
  public void list(String folder, Consumer<StoredObject> visitor) {
    objects.forEach(
        (name, entry) -> {
          if (folder.isEmpty() || name.value().startsWith(folder + "/")) {
            visitor.accept(entry.stored(name));
          }
        });
  }

  @Override
  public void delete(ObjectName name) {
    objects.computeIfPresent(
        name,
        (key, entry) -> {
          if (entry.lockState().refusesDeletion(clock.instant())) {
            throw locked(name, entry);
          }
          return null;
        });
  }

  @Override
  public Optional<byte[]> backendChecksum(ObjectName name) {
    byte[] content = find(name).content();
    if (!capabilities.backendChecksum()) {
      return Optional.empty();
    }
    try {
      return Optional.of(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public LockState lockState(ObjectName name) {
    return find(name).lockState();
  }

  @Override
  public void extendLock(ObjectName name, ObjectLock lock) {
    requireLocks(lock);
    change(
        name,
        entry -> {
          if (entry.wouldWeaken(lock, clock.instant())) {
            throw locked(name, entry);
          }
          return entry.withLock(lock);
        });
  }

  @Override
  public void setLegalHold(ObjectName name, boolean held) {
    if (!capabilities.legalHold()) {
      throw StoreFailure.unsupported(describe(), "legal hold");
    }
    change(name, entry -> entry.withHold(held));
  }

  @Override
  public TierState tierState(ObjectName name) {
    return find(name).tierState(clock.instant());
  }

  @Override
  public void moveTo(ObjectName name, ObjectTier tier) {
    if (!capabilities.tiers().contains(tier)) {
      throw StoreFailure.unsupported(describe(), "the tier " + tier);
    }
    change(name, entry -> entry.movedTo(tier, clock.instant(), REHYDRATION));
  }

  @Override
  public void close() {
    // The objects are the store; there is no handle to free.
  }

  private void change(ObjectName name, UnaryOperator<Entry> change) {
    if (objects.computeIfPresent(name, (key, entry) -> change.apply(entry)) == null) {
      throw StoreFailure.missing(describe(), name);
    }
  }

  private byte[] readable(ObjectName name) {
    Entry entry = find(name);
    if (!entry.tierState(clock.instant()).readable()) {
      throw StoreFailure.archived(describe(), name);
    }
    return entry.content();
  }

  private Entry find(ObjectName name) {
    Entry entry = objects.get(name);
    if (entry == null) {
      throw StoreFailure.missing(describe(), name);
    }
    return entry;
  }

  private void requireLocks(ObjectLock lock) {
    if (!capabilities.lockModes().contains(lock.mode())) {
      throw StoreFailure.unsupported(describe(), "object lock in mode " + lock.mode());
    }
  }

  private RuntimeException locked(ObjectName name, Entry entry) {
    Optional<Instant> until =
        entry.legalHold() ? Optional.empty() : entry.lock().map(ObjectLock::until);
    return StoreFailure.locked(describe(), name, until);
  }
}
