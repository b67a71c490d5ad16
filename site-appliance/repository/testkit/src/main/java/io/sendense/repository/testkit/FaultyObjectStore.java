package io.sendense.repository.testkit;

import io.sendense.repository.spi.ForwardingObjectStore;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoredObject;
import io.sendense.repository.spi.TierState;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Decorator that reports every operation to a hook before it is done and again after, so that a
 * plan can let it fail in either place: before, nothing happened; after, it took effect but the
 * caller does not hear of it. Thread-safe if the hook is.
 */
public final class FaultyObjectStore extends ForwardingObjectStore {
  /** What is being done. */
  public enum Operation {
    PUT,
    READ,
    STAT,
    LIST,
    DELETE,
    CHECKSUM,
    LOCK_STATE,
    EXTEND_LOCK,
    LEGAL_HOLD,
    TIER_STATE,
    MOVE
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

  private final Hook hook;

  public FaultyObjectStore(ObjectStore inner, Hook hook) {
    super(inner);
    this.hook = hook;
  }

  @Override
  public StoredObject put(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
    return around(
        Operation.PUT, name.value(), () -> super.put(name, content, offset, length, lock));
  }

  @Override
  public void read(ObjectName name, long position, byte[] target, int offset, int length) {
    around(Operation.READ, name.value(), () -> super.read(name, position, target, offset, length));
  }

  @Override
  public byte[] get(ObjectName name, int bytesMax) {
    return around(Operation.READ, name.value(), () -> super.get(name, bytesMax));
  }

  @Override
  public Optional<StoredObject> stat(ObjectName name) {
    hook.reach(Operation.STAT, name.value(), false);
    return super.stat(name);
  }

  @Override
  public void list(String folder, Consumer<StoredObject> visitor) {
    hook.reach(Operation.LIST, folder, false);
    super.list(folder, visitor);
  }

  @Override
  public void delete(ObjectName name) {
    around(Operation.DELETE, name.value(), () -> super.delete(name));
  }

  @Override
  public Optional<byte[]> backendChecksum(ObjectName name) {
    hook.reach(Operation.CHECKSUM, name.value(), false);
    return super.backendChecksum(name);
  }

  @Override
  public LockState lockState(ObjectName name) {
    hook.reach(Operation.LOCK_STATE, name.value(), false);
    return super.lockState(name);
  }

  @Override
  public void extendLock(ObjectName name, ObjectLock lock) {
    around(Operation.EXTEND_LOCK, name.value(), () -> super.extendLock(name, lock));
  }

  @Override
  public void setLegalHold(ObjectName name, boolean held) {
    around(Operation.LEGAL_HOLD, name.value(), () -> super.setLegalHold(name, held));
  }

  @Override
  public TierState tierState(ObjectName name) {
    hook.reach(Operation.TIER_STATE, name.value(), false);
    return super.tierState(name);
  }

  @Override
  public void moveTo(ObjectName name, ObjectTier tier) {
    around(Operation.MOVE, name.value(), () -> super.moveTo(name, tier));
  }

  private <T> T around(Operation operation, String what, Supplier<T> action) {
    hook.reach(operation, what, false);
    T result = action.get();
    hook.reach(operation, what, true);
    return result;
  }

  private void around(Operation operation, String what, Runnable action) {
    hook.reach(operation, what, false);
    action.run();
    hook.reach(operation, what, true);
  }
}
