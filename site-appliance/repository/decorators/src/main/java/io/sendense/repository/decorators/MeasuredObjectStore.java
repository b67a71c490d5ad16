package io.sendense.repository.decorators;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.decorators.StoreMeter.Operation;
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
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Tells a meter of every call. */
public final class MeasuredObjectStore extends ForwardingObjectStore {
  private final StoreMeter meter;
  private final LongSupplier nanos;

  /**
   * @param nanos a clock that only goes forward, such as {@code System::nanoTime}
   */
  public MeasuredObjectStore(ObjectStore inner, StoreMeter meter, LongSupplier nanos) {
    super(inner);
    this.meter = meter;
    this.nanos = nanos;
  }

  @Override
  public StoredObject put(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
    return timed(Operation.PUT, length, () -> super.put(name, content, offset, length, lock));
  }

  @Override
  public void read(ObjectName name, long position, byte[] target, int offset, int length) {
    timed(Operation.READ, length, () -> super.read(name, position, target, offset, length));
  }

  @Override
  public byte[] get(ObjectName name, int bytesMax) {
    long begin = nanos.getAsLong();
    try {
      byte[] content = super.get(name, bytesMax);
      tell(Operation.READ, Optional.empty(), content.length, begin);
      return content;
    } catch (SendenseException e) {
      tell(Operation.READ, Optional.of(e.code()), 0, begin);
      throw e;
    }
  }

  @Override
  public Optional<StoredObject> stat(ObjectName name) {
    return timed(Operation.STAT, 0, () -> super.stat(name));
  }

  @Override
  public void list(String folder, Consumer<StoredObject> visitor) {
    timed(Operation.LIST, 0, () -> super.list(folder, visitor));
  }

  @Override
  public void delete(ObjectName name) {
    timed(Operation.DELETE, 0, () -> super.delete(name));
  }

  @Override
  public Optional<byte[]> backendChecksum(ObjectName name) {
    return timed(Operation.CHECKSUM, 0, () -> super.backendChecksum(name));
  }

  @Override
  public LockState lockState(ObjectName name) {
    return timed(Operation.LOCK, 0, () -> super.lockState(name));
  }

  @Override
  public void extendLock(ObjectName name, ObjectLock lock) {
    timed(Operation.LOCK, 0, () -> super.extendLock(name, lock));
  }

  @Override
  public void setLegalHold(ObjectName name, boolean held) {
    timed(Operation.LOCK, 0, () -> super.setLegalHold(name, held));
  }

  @Override
  public TierState tierState(ObjectName name) {
    return timed(Operation.TIER, 0, () -> super.tierState(name));
  }

  @Override
  public void moveTo(ObjectName name, ObjectTier tier) {
    timed(Operation.TIER, 0, () -> super.moveTo(name, tier));
  }

  private void timed(Operation operation, long bytes, Runnable call) {
    timed(
        operation,
        bytes,
        () -> {
          call.run();
          return true;
        });
  }

  private <T> T timed(Operation operation, long bytes, Supplier<T> call) {
    long begin = nanos.getAsLong();
    try {
      T result = call.get();
      tell(operation, Optional.empty(), bytes, begin);
      return result;
    } catch (SendenseException e) {
      tell(operation, Optional.of(e.code()), 0, begin);
      throw e;
    }
  }

  private void tell(Operation operation, Optional<ErrorCode> failure, long bytes, long begin) {
    meter.record(operation, failure, bytes, nanos.getAsLong() - begin);
  }
}
