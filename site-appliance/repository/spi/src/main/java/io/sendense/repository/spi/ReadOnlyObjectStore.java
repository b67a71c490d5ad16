package io.sendense.repository.spi;

import java.util.Optional;
import java.util.function.Consumer;

/** Decorator that refuses every change with {@code STORE_READ_ONLY}. */
public final class ReadOnlyObjectStore implements ObjectStore {
  private final ObjectStore inner;

  public ReadOnlyObjectStore(ObjectStore inner) {
    this.inner = inner;
  }

  @Override
  public String describe() {
    return inner.describe();
  }

  @Override
  public StoreCapabilities capabilities() {
    return inner.capabilities().readOnly();
  }

  @Override
  public StoredObject put(ObjectName name, byte[] content, int offset, int length) {
    throw StoreFailure.readOnly(describe(), name);
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
    throw StoreFailure.readOnly(describe(), name);
  }

  @Override
  public void close() {
    inner.close();
  }
}
