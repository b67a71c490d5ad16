package io.sendense.repository.decorators;

import io.sendense.repository.spi.ForwardingObjectStore;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoredObject;
import java.util.Optional;

/** Keeps what is put and what is read within bounds of bytes per second. */
public final class ThrottledObjectStore extends ForwardingObjectStore {
  private final Throttle up;
  private final Throttle down;

  /** The throttles may be shared with other stores. */
  public ThrottledObjectStore(ObjectStore inner, Throttle up, Throttle down) {
    super(inner);
    this.up = up;
    this.down = down;
  }

  @Override
  public StoredObject put(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
    up.take(length);
    return super.put(name, content, offset, length, lock);
  }

  @Override
  public void read(ObjectName name, long position, byte[] target, int offset, int length) {
    down.take(length);
    super.read(name, position, target, offset, length);
  }

  /** Its length is known only afterwards: the next transfer waits for it. */
  @Override
  public byte[] get(ObjectName name, int bytesMax) {
    byte[] content = super.get(name, bytesMax);
    down.take(content.length);
    return content;
  }
}
