package io.sendense.repository.format;

import java.util.UUID;

/** UUIDs of version 7 (RFC 9562): milliseconds, then randomness. */
final class TimeOrderedId {
  private TimeOrderedId() {}

  static PointId next(Environment environment) {
    long millis = environment.clock().millis() & 0xffff_ffff_ffffL;
    long high = millis << 16 | 0x7000 | environment.random().nextInt(1 << 12);
    long low = environment.random().nextLong() >>> 2 | 1L << 63;
    return new PointId(new UUID(high, low));
  }
}
