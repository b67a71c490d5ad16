package io.sendense.repository.spi;

import java.time.Instant;

/**
 * What a store says of one object.
 *
 * @param lengthBytes whole length
 * @param storedAt when it became durable by the <em>store's</em> clock, never the caller's
 */
public record StoredObject(ObjectName name, long lengthBytes, Instant storedAt) {
  public StoredObject {
    if (lengthBytes < 0) {
      throw new IllegalArgumentException("negative length of " + name);
    }
  }
}
