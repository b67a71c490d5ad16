package io.sendense.repository.format;

import io.sendense.repository.spi.ForwardingObjectStore;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A store some of whose objects cannot be seen, or are not what was stored; times stay. */
final class HidingStore extends ForwardingObjectStore {
  final Set<ObjectName> hidden = new HashSet<>();

  /** Of the same length as what was stored. */
  final Map<ObjectName, byte[]> instead = new HashMap<>();

  HidingStore(ObjectStore inner) {
    super(inner);
  }

  /** Flips a bit, counted from the end where the place is negative. */
  void flip(ObjectName name, int at) {
    byte[] bytes = get(name, 64 << 20);
    bytes[at < 0 ? bytes.length + at : at] ^= 1;
    instead.put(name, bytes);
  }

  @Override
  public void read(ObjectName name, long position, byte[] target, int offset, int length) {
    require(name);
    super.read(name, position, target, offset, length);
    byte[] other = instead.get(name);
    if (other != null) {
      System.arraycopy(other, (int) position, target, offset, length);
    }
  }

  @Override
  public byte[] get(ObjectName name, int bytesMax) {
    require(name);
    byte[] other = instead.get(name);
    return other == null ? super.get(name, bytesMax) : other.clone();
  }

  @Override
  public Optional<StoredObject> stat(ObjectName name) {
    return hidden.contains(name) ? Optional.empty() : super.stat(name);
  }

  @Override
  public void list(String folder, Consumer<StoredObject> visitor) {
    super.list(
        folder,
        object -> {
          if (!hidden.contains(object.name())) {
            visitor.accept(object);
          }
        });
  }

  @Override
  public LockState lockState(ObjectName name) {
    require(name);
    return super.lockState(name);
  }

  @Override
  public void extendLock(ObjectName name, ObjectLock lock) {
    require(name);
    super.extendLock(name, lock);
  }

  private void require(ObjectName name) {
    if (hidden.contains(name)) {
      throw StoreFailure.missing(describe(), name);
    }
  }
}
