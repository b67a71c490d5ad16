package io.sendense.engine;

import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Time-ordered identifiers (RFC 9562, version 7). */
final class UuidV7 {
  private UuidV7() {}

  static UUID next(InstantSource clock, RandomGenerator random) {
    long high = clock.millis() << 16 | 0x7000 | random.nextInt(0x1000);
    long low = 0x8000_0000_0000_0000L | random.nextLong() >>> 2;
    return new UUID(high, low);
  }
}
