package io.sendense.repository.format;

import io.sendense.repository.spi.ForwardingObjectStore;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoredObject;
import java.util.Optional;
import java.util.function.Consumer;

/** A store that is not called any more once the operation was cancelled. */
final class CancellableStore extends ForwardingObjectStore {
  private final Cancellation cancellation;

  CancellableStore(ObjectStore inner, Cancellation cancellation) {
    super(inner);
    this.cancellation = cancellation;
  }

  @Override
  public StoredObject put(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
    cancellation.check();
    return inner().put(name, content, offset, length, lock);
  }

  @Override
  public void read(ObjectName name, long position, byte[] target, int offset, int length) {
    cancellation.check();
    inner().read(name, position, target, offset, length);
  }

  @Override
  public byte[] get(ObjectName name, int bytesMax) {
    cancellation.check();
    return inner().get(name, bytesMax);
  }

  @Override
  public void list(String folder, Consumer<StoredObject> visitor) {
    cancellation.check();
    inner()
        .list(
            folder,
            object -> {
              cancellation.check();
              visitor.accept(object);
            });
  }

  @Override
  public void delete(ObjectName name) {
    cancellation.check();
    inner().delete(name);
  }
}
