package io.sendense.repository.spi;

import java.util.Optional;
import java.util.function.Consumer;

/** Passes every call on; decorators override what they change. */
public abstract class ForwardingObjectStore implements ObjectStore {
  private final ObjectStore inner;

  protected ForwardingObjectStore(ObjectStore inner) {
    this.inner = inner;
  }

  protected final ObjectStore inner() {
    return inner;
  }

  @Override
  public String describe() {
    return inner.describe();
  }

  @Override
  public StoreCapabilities capabilities() {
    return inner.capabilities();
  }

  @Override
  public StoredObject put(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
    return inner.put(name, content, offset, length, lock);
  }

  @Override
  public void read(ObjectName name, long position, byte[] target, int offset, int length) {
    inner.read(name, position, target, offset, length);
  }

  @Override
  public byte[] get(ObjectName name, int bytesMax) {
    return inner.get(name, bytesMax);
  }

  @Override
  public Optional<StoredObject> stat(ObjectName name) {
    return inner.stat(name);
  }

  @Override
  public void list(String folder, Consumer<StoredObject> visitor) {
    inner.list(folder, visitor);
  }

  @Override
  public void delete(ObjectName name) {
    inner.delete(name);
  }

  @Override
  public Optional<byte[]> backendChecksum(ObjectName name) {
    return inner.backendChecksum(name);
  }

  @Override
  public LockState lockState(ObjectName name) {
    return inner.lockState(name);
  }

  @Override
  public void extendLock(ObjectName name, ObjectLock lock) {
    inner.extendLock(name, lock);
  }

  @Override
  public void setLegalHold(ObjectName name, boolean held) {
    inner.setLegalHold(name, held);
  }

  @Override
  public TierState tierState(ObjectName name) {
    return inner.tierState(name);
  }

  @Override
  public void moveTo(ObjectName name, ObjectTier tier) {
    inner.moveTo(name, tier);
  }

  @Override
  public void close() {
    inner.close();
  }
}
