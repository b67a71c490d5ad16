package io.sendense.repository.spi;

import java.util.Optional;

/** Decorator that refuses every change with {@code STORE_READ_ONLY}. */
public final class ReadOnlyObjectStore extends ForwardingObjectStore {
  public ReadOnlyObjectStore(ObjectStore inner) {
    super(inner);
  }

  @Override
  public StoreCapabilities capabilities() {
    return super.capabilities().readOnly();
  }

  @Override
  public StoredObject put(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
    throw StoreFailure.readOnly(describe(), name);
  }

  @Override
  public void delete(ObjectName name) {
    throw StoreFailure.readOnly(describe(), name);
  }

  @Override
  public void extendLock(ObjectName name, ObjectLock lock) {
    throw StoreFailure.readOnly(describe(), name);
  }

  @Override
  public void setLegalHold(ObjectName name, boolean held) {
    throw StoreFailure.readOnly(describe(), name);
  }

  @Override
  public void moveTo(ObjectName name, ObjectTier tier) {
    throw StoreFailure.readOnly(describe(), name);
  }
}
