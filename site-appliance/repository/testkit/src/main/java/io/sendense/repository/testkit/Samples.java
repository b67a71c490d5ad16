package io.sendense.repository.testkit;

import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoredObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SplittableRandom;

/** Content and dates for the checks. */
final class Samples {
  private Samples() {}

  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(7).nextBytes(bytes);
    return bytes;
  }

  static List<String> listed(ObjectStore store, String folder) {
    return store.list(folder).stream().map(o -> o.name().value()).toList();
  }

  /** A date ahead on the store's clock, which a small object tells. */
  static Instant ahead(ObjectStore store, int seconds) {
    ObjectName probe = new ObjectName("clock");
    Instant now =
        store
            .stat(probe)
            .map(StoredObject::storedAt)
            .orElseGet(() -> store.put(probe, new byte[1]).storedAt());
    return now.plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS);
  }
}
