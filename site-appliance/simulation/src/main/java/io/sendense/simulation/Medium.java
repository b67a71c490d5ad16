package io.sendense.simulation;

import io.sendense.repository.spi.ForwardingObjectStore;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import io.sendense.repository.spi.TierState;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A medium that can break its promise: an object is gone, or is not what was stored. What was
 * damaged can be put right again, as when somebody finds the disk.
 */
final class Medium extends ForwardingObjectStore {
  /** Empty where the object cannot be seen. */
  private final Map<ObjectName, Optional<byte[]>> damage = new TreeMap<>();

  Medium(ObjectStore inner) {
    super(inner);
  }

  synchronized void lose(ObjectName name) {
    damage.put(name, Optional.empty());
  }

  synchronized void replace(ObjectName name, byte[] content) {
    damage.put(name, Optional.of(content.clone()));
  }

  synchronized void mend(ObjectName name) {
    damage.remove(name);
  }

  synchronized boolean isDamaged() {
    return !damage.isEmpty();
  }

  /** Names of what is lost or not what was stored. */
  synchronized Set<String> damaged() {
    return damage.keySet().stream().map(ObjectName::value).collect(Collectors.toSet());
  }

  @Override
  public synchronized StoredObject put(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
    if (isLost(name)) {
      super.delete(name);
      damage.remove(name);
    }
    return super.put(name, content, offset, length, lock);
  }

  @Override
  public synchronized void read(
      ObjectName name, long position, byte[] target, int offset, int length) {
    super.read(name, position, target, offset, length);
    Optional<byte[]> instead = instead(name);
    if (instead.isPresent()) {
      byte[] content = instead.get();
      if (position + length > content.length) {
        throw StoreFailure.badRange(describe(), name, position, length, content.length);
      }
      System.arraycopy(content, (int) position, target, offset, length);
    }
  }

  @Override
  public synchronized byte[] get(ObjectName name, int bytesMax) {
    byte[] content = super.get(name, bytesMax);
    return instead(name).map(byte[]::clone).orElse(content);
  }

  @Override
  public synchronized Optional<StoredObject> stat(ObjectName name) {
    return isLost(name) ? Optional.empty() : super.stat(name).map(this::seen);
  }

  @Override
  public synchronized LockState lockState(ObjectName name) {
    requireThere(name);
    return super.lockState(name);
  }

  @Override
  public synchronized void extendLock(ObjectName name, ObjectLock lock) {
    requireThere(name);
    super.extendLock(name, lock);
  }

  @Override
  public synchronized void setLegalHold(ObjectName name, boolean held) {
    requireThere(name);
    super.setLegalHold(name, held);
  }

  @Override
  public synchronized TierState tierState(ObjectName name) {
    requireThere(name);
    return super.tierState(name);
  }

  @Override
  public synchronized void moveTo(ObjectName name, ObjectTier tier) {
    requireThere(name);
    super.moveTo(name, tier);
  }

  private void requireThere(ObjectName name) {
    if (isLost(name)) {
      throw StoreFailure.missing(describe(), name);
    }
  }

  @Override
  public synchronized void list(String folder, Consumer<StoredObject> visitor) {
    super.list(
        folder,
        object -> {
          if (!isLost(object.name())) {
            visitor.accept(seen(object));
          }
        });
  }

  @Override
  public synchronized void delete(ObjectName name) {
    super.delete(name);
    damage.remove(name);
  }

  @Override
  public synchronized Optional<byte[]> backendChecksum(ObjectName name) {
    Optional<byte[]> told = super.backendChecksum(name);
    return instead(name).isPresent()
        ? told.map(sum -> Arrays.copyOf(new byte[1], sum.length))
        : told;
  }

  private boolean isLost(ObjectName name) {
    return damage.containsKey(name) && damage.getOrDefault(name, Optional.empty()).isEmpty();
  }

  private Optional<byte[]> instead(ObjectName name) {
    if (isLost(name)) {
      throw StoreFailure.missing(describe(), name);
    }
    return damage.getOrDefault(name, Optional.empty());
  }

  private StoredObject seen(StoredObject object) {
    return damage
        .getOrDefault(object.name(), Optional.empty())
        .map(content -> new StoredObject(object.name(), content.length, object.storedAt()))
        .orElse(object);
  }
}
