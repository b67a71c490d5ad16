package io.sendense.repository.testkit;

import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreCapabilities;
import io.sendense.repository.spi.StoredObject;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Decorator that reports every operation to a hook before it is done and again after, so that a
 * plan can let it fail in either place: before, nothing happened; after, it took effect but the
 * caller does not hear of it. Thread-safe if the hook is.
 */
public final class FaultyObjectStore implements ObjectStore {
  /** What is being done. */
  public enum Operation {
    PUT,
    READ,
    STAT,
    LIST,
    DELETE
  }

  /** Hears of operations; what it throws, the caller of the store gets. */
  @FunctionalInterface
  public interface Hook {
    /**
     * @param what the object's name, or the folder listed
     * @param done false before the operation, true after it
     */
    void reach(Operation operation, String what, boolean done);
  }

  private final ObjectStore inner;
  private final Hook hook;

  public FaultyObjectStore(ObjectStore inner, Hook hook) {
    this.inner = inner;
    this.hook = hook;
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
  public StoredObject put(ObjectName name, byte[] content, int offset, int length) {
    hook.reach(Operation.PUT, name.value(), false);
    StoredObject stored = inner.put(name, content, offset, length);
    hook.reach(Operation.PUT, name.value(), true);
    return stored;
  }

  @Override
  public void read(ObjectName name, long position, byte[] target, int offset, int length) {
    hook.reach(Operation.READ, name.value(), false);
    inner.read(name, position, target, offset, length);
    hook.reach(Operation.READ, name.value(), true);
  }

  @Override
  public byte[] get(ObjectName name, int bytesMax) {
    hook.reach(Operation.READ, name.value(), false);
    byte[] content = inner.get(name, bytesMax);
    hook.reach(Operation.READ, name.value(), true);
    return content;
  }

  @Override
  public Optional<StoredObject> stat(ObjectName name) {
    hook.reach(Operation.STAT, name.value(), false);
    return inner.stat(name);
  }

  @Override
  public void list(String folder, Consumer<StoredObject> visitor) {
    hook.reach(Operation.LIST, folder, false);
    inner.list(folder, visitor);
  }

  @Override
  public void delete(ObjectName name) {
    hook.reach(Operation.DELETE, name.value(), false);
    inner.delete(name);
    hook.reach(Operation.DELETE, name.value(), true);
  }

  @Override
  public void close() {
    inner.close();
  }
}
