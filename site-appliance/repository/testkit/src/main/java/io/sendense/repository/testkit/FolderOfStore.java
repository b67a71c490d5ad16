package io.sendense.repository.testkit;

import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoreCapabilities;
import io.sendense.repository.spi.StoredObject;
import io.sendense.repository.spi.TierState;
import java.util.Optional;
import java.util.function.Consumer;

/** A folder of a store as a store of its own, so that each check finds an empty one. */
public final class FolderOfStore implements ObjectStore {
  private final ObjectStore whole;
  private final String folder;
  private final Runnable closing;

  /** The whole store stays open when this one is closed. */
  public FolderOfStore(ObjectStore whole, String folder) {
    this(whole, folder, () -> {});
  }

  private FolderOfStore(ObjectStore whole, String folder, Runnable closing) {
    this.whole = whole;
    this.folder = folder;
    this.closing = closing;
  }

  /** Closes the whole store with it. */
  public static FolderOfStore owning(ObjectStore whole, String folder) {
    return new FolderOfStore(whole, folder, whole::close);
  }

  @Override
  public String describe() {
    return whole.describe() + "/" + folder;
  }

  @Override
  public StoreCapabilities capabilities() {
    return whole.capabilities();
  }

  @Override
  public StoredObject put(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
    return inside(whole.put(outside(name), content, offset, length, lock));
  }

  @Override
  public void read(ObjectName name, long position, byte[] target, int offset, int length) {
    whole.read(outside(name), position, target, offset, length);
  }

  @Override
  public byte[] get(ObjectName name, int bytesMax) {
    return whole.get(outside(name), bytesMax);
  }

  @Override
  public Optional<StoredObject> stat(ObjectName name) {
    return whole.stat(outside(name)).map(this::inside);
  }

  @Override
  public void list(String below, Consumer<StoredObject> visitor) {
    String path = below.isEmpty() ? folder : folder + "/" + below;
    whole.list(path, object -> visitor.accept(inside(object)));
  }

  @Override
  public void delete(ObjectName name) {
    whole.delete(outside(name));
  }

  @Override
  public Optional<byte[]> backendChecksum(ObjectName name) {
    return whole.backendChecksum(outside(name));
  }

  @Override
  public LockState lockState(ObjectName name) {
    return whole.lockState(outside(name));
  }

  @Override
  public void extendLock(ObjectName name, ObjectLock lock) {
    whole.extendLock(outside(name), lock);
  }

  @Override
  public void setLegalHold(ObjectName name, boolean held) {
    whole.setLegalHold(outside(name), held);
  }

  @Override
  public TierState tierState(ObjectName name) {
    return whole.tierState(outside(name));
  }

  @Override
  public void moveTo(ObjectName name, ObjectTier tier) {
    whole.moveTo(outside(name), tier);
  }

  @Override
  public void close() {
    closing.run();
  }

  private ObjectName outside(ObjectName name) {
    return new ObjectName(folder + "/" + name);
  }

  private StoredObject inside(StoredObject object) {
    String name = object.name().value().substring(folder.length() + 1);
    return new StoredObject(new ObjectName(name), object.lengthBytes(), object.storedAt());
  }
}
