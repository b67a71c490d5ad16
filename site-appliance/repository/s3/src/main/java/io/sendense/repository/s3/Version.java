package io.sendense.repository.s3;

import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.StoredObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * An object of the bucket.
 *
 * @param id which version of the key it is; null in a bucket that has never had versions
 */
record Version(ObjectName name, @Nullable String id, long lengthBytes, Instant storedAt) {
  /** The head of an object tells whole seconds and some listings finer ones: whole ones it is. */
  Version {
    storedAt = storedAt.truncatedTo(ChronoUnit.SECONDS);
  }

  StoredObject stored() {
    return new StoredObject(name, lengthBytes, storedAt);
  }
}
